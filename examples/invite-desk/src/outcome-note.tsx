import { useDesk } from './desk-context';
import type { InviteRowFragment } from './generated/graphql';
import { Clock } from './instant';
import { isOpen, type Progress, type Verb } from './intents/intent';
import { tell } from './intents/telling';

const OFFERS: Partial<Record<string, { readonly verb: Verb; readonly name: string }>> = {
  RESEND: { verb: 'RESEND', name: 'Resend instead' },
  SEND_NEW: { verb: 'SEND_NEW', name: 'Send a new invite' },
};

/** What came of the user's last click on an invite, and what fits now. */
export function OutcomeNote({
  invite,
  progress,
}: {
  readonly invite: InviteRowFragment;
  readonly progress: Progress;
}) {
  const { begin, repeat, dismiss, look } = useDesk();
  const { heading, text, tone } = tell(progress);
  const answer = progress.phase === 'answered' ? progress.answer : null;
  const availableAt = answer?.userErrors.find((error) => error.availableAt)?.availableAt;
  const offer = OFFERS[answer?.userErrors.find((error) => error.suggestedAction)?.suggestedAction ?? ''];
  const consent = progress.intent.consent;
  const wantsFullAccess = answer?.userErrors.some(({ code }) => code === 'FULL_ACCESS');
  return (
    <div className="note" data-tone={tone}>
      <p>
        <strong>{heading}.</strong> {text}
        {availableAt && (
          <>
            {' '}
            Possible again at <Clock at={availableAt} />.
          </>
        )}
      </p>
      <div className="note-buttons">
        {progress.phase !== 'asking' && isOpen(progress) && (
          <button
            type="button"
            className="button"
            aria-label={`Ask again about ${invite.email ?? 'this invite'}`}
            onClick={() => {
              repeat(progress.intent);
            }}
          >
            Ask again
          </button>
        )}
        {answer?.outcome === 'UNKNOWN' && invite.email && (
          <button
            type="button"
            className="button"
            onClick={() => {
              look(invite.email ?? '');
            }}
          >
            Look
          </button>
        )}
        {offer && (
          <button
            type="button"
            className="button"
            onClick={() => {
              begin(offer.verb, [invite], consent);
            }}
          >
            {offer.name}
          </button>
        )}
        {wantsFullAccess && (
          <button
            type="button"
            className="button"
            onClick={() => {
              begin('SEND_NEW', [invite], { ...consent, grantFullAccess: true });
            }}
          >
            Grant every permission and send
          </button>
        )}
        {answer && (
          <button
            type="button"
            className="button button-plain"
            aria-label={`Dismiss the note on ${invite.email ?? 'this invite'}`}
            onClick={({ currentTarget }) => {
              // The button goes away with its note; the focus stays with the invite.
              focusBefore(currentTarget);
              dismiss(invite.id);
            }}
          >
            Dismiss
          </button>
        )}
      </div>
    </div>
  );
}

/** Moves the focus to the last button before the note that holds this one. */
function focusBefore(button: HTMLElement): void {
  const note = button.closest('.note');
  const before = [...document.querySelectorAll<HTMLElement>('.invite-buttons button')].filter(
    (each) => note && each.compareDocumentPosition(note) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  before.at(-1)?.focus();
}
