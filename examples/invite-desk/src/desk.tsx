import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { useAddress } from './address';
import { type DeskActions, DeskContext } from './desk-context';
import { FilterBar } from './filters';
import { AccountsDocument } from './generated/graphql';
import { Health } from './health';
import { useIntents } from './intents/use-intents';
import { NO_CONSENT } from './intents/intent';
import { Pager } from './pager';
import { PersonPanel } from './person-panel';
import { type Question, questionBefore } from './question';
import { QuestionDialog } from './question-dialog';
import { RollTable } from './roll-table';
import { useRoll } from './use-roll';

/** The whole page. */
export function Desk() {
  const [{ person, ...filters }, go] = useAddress();
  const [question, setQuestion] = useState<Question | null>(null);
  const intents = useIntents();
  const roll = useRoll(filters);
  const accounts = useQuery(AccountsDocument).data?.accounts?.nodes ?? [];

  const desk: DeskActions = {
    ...intents,
    begin: (verb, invites, consent = NO_CONSENT) => {
      const asked = questionBefore(verb, invites, consent);
      if (asked) setQuestion(asked);
      else intents.carryOut({ verb, inviteIds: invites.map(({ id }) => id), consent });
    },
    look: (email) => {
      go({ person: email });
    },
  };

  return (
    <DeskContext value={desk}>
      <header className="top">
        <h1>Invite desk</h1>
        <p className="quiet">Who is invited, to which account, until when.</p>
      </header>
      <main>
        <FilterBar filters={filters} accounts={accounts} onChange={go} />
        <Health
          sources={roll.sources}
          accounts={accounts}
          loading={roll.loading}
          onRefresh={() => void roll.refresh()}
        />
        {roll.problems.length > 0 && (
          <div className="problem" role="alert">
            {roll.problems.map((problem) => (
              <p key={problem}>{problem}</p>
            ))}
          </div>
        )}
        <RollTable roll={roll} caption={filters.view === 'invites' ? 'Invites' : 'People'} />
        <Pager roll={roll} />
      </main>
      {person && (
        <PersonPanel
          key={person}
          email={person}
          onClose={() => {
            go({ person: null });
          }}
        />
      )}
      {question && (
        <QuestionDialog
          question={question}
          onNo={() => {
            setQuestion(null);
          }}
          onYes={() => {
            const { verb, invites, consent } = question;
            setQuestion(null);
            intents.carryOut({ verb, inviteIds: invites.map(({ id }) => id), consent });
          }}
        />
      )}
      <p role="status" className="visually-hidden">
        {intents.news}
      </p>
    </DeskContext>
  );
}
