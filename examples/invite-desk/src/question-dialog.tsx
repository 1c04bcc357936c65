import { Dialog } from './dialog';
import type { Question } from './question';

interface Words {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
}

function wordsOf({ about, invites }: Question): Words {
  const who = invites[0]?.email ?? 'this person';
  const where = invites[0]?.account.name ?? invites[0]?.account.id ?? 'this account';
  const questions: Record<Question['about'], Words> = {
    REVOKE: {
      title: 'Revoke this invite?',
      text: `The link that ${who} got for ${where} will stop working. No email tells them.`,
      yes: 'Revoke invite',
    },
    MANY: {
      title: `Resend ${invites.length} invites?`,
      text: 'Each of these people gets another email.',
      yes: `Resend ${invites.length} invites`,
    },
    INVITE_DECLINED: {
      title: 'Invite someone who declined?',
      text: `${who} has declined an invite to ${where}. Send a new one only if they asked for it.`,
      yes: 'They asked: send new invite',
    },
    FULL_ACCESS: {
      title: 'Grant every permission?',
      text: `This invite names no permissions, and for ${where} that means all of them. ${who} could do everything there.`,
      yes: 'Grant everything and send',
    },
  };
  return questions[about];
}

interface QuestionDialogProps {
  readonly question: Question;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Asks the user before something is done that cannot be taken back. The safe answer has the focus. */
export function QuestionDialog({ question, onYes, onNo }: QuestionDialogProps) {
  const { title, text, yes } = wordsOf(question);
  return (
    <Dialog labelledBy="question-title" className="question" onClose={onNo}>
      <div className="question-body">
        <h2 id="question-title">{title}</h2>
        <p>{text}</p>
        {question.about === 'MANY' && (
          <ul className="question-list">
            {question.invites.map(({ id, email, account }) => (
              <li key={id}>
                {email} <span className="quiet">{account.name ?? account.id}</span>
              </li>
            ))}
          </ul>
        )}
        <div className="question-buttons">
          <button type="button" className="button" onClick={onNo}>
            Cancel
          </button>
          <button type="button" className="button button-strong" onClick={onYes}>
            {yes}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
