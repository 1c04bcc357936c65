import { useQuery } from '@apollo/client/react';
import { FRESH } from './client';
import { useDesk } from './desk-context';
import { Dialog } from './dialog';
import { type InviteRowFragment, PersonDocument, type PersonQuery } from './generated/graphql';
import { Clock } from './instant';
import { InviteButtons } from './invite-buttons';
import { OutcomeNote } from './outcome-note';
import { toInviteRow, toMemberRow } from './rows';
import { problemsOf } from './problems';
import { isTroubled, SourceReport } from './source-report';
import { StatusPill } from './status-pill';
import { VENDORS } from './words';

/** One person across vendors: what they belong to, what they are invited to, and what was tried. */
export function PersonPanel({ email, onClose }: { readonly email: string; readonly onClose: () => void }) {
  // Whoever looks wants to know how it is now.
  const { data, loading, error } = useQuery(PersonDocument, {
    variables: { email },
    fetchPolicy: 'cache-and-network',
    context: FRESH,
  });
  const person = data?.person;
  const members = person?.staffMembers ?? [];
  const invites = person?.invites ?? [];
  const name = members.find((member) => member.name)?.name;
  const open = invites.filter(({ status }) => status !== 'ACCEPTED');
  // Some vendors list who is invited among their staff; here that is an invite and nothing else.
  const joined = members.filter(({ invite }) => !open.some(({ id }) => id === invite?.id));
  return (
    <Dialog labelledBy="person-title" className="panel" onClose={onClose}>
      <div className="panel-head">
        <div>
          <h2 id="person-title">
            <bdi>{name ?? email}</bdi>
          </h2>
          {name && <p className="quiet">{email}</p>}
        </div>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="panel-body" aria-busy={loading}>
        {!person && <p role="status">{loading ? 'Asking every account …' : problemsOf(error).join(' ')}</p>}
        {person?.sources.some(isTroubled) && <SourceReport sources={person.sources} />}
        {person && (
          <>
            <h3>Member of {joined.length === 1 ? '1 account' : `${joined.length || 'no'} accounts`}</h3>
            <ul className="cards">
              {joined.map((member) => {
                const { id, account, status, when, whenMore } = toMemberRow(member);
                return (
                  <li key={id}>
                    <p className="card-head">
                      <strong>{account.name ?? account.id}</strong>
                      <StatusPill label={status} />
                    </p>
                    <p className="quiet">
                      {VENDORS[account.vendor]} · {when}, {whenMore}
                    </p>
                    <p className="quiet">
                      {member.fullAccess
                        ? 'Every permission'
                        : member.roles.map((role) => role.name ?? role.id).join(', ') || 'Roles not told'}
                    </p>
                  </li>
                );
              })}
            </ul>
            <h3>{open.length === 0 ? 'No open invites' : 'Open invites'}</h3>
            <ul className="cards">
              {open.map((invite) => (
                <InviteCard key={invite.id} invite={invite} attempts={invite.attempts ?? []} />
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}

type Attempt = NonNullable<NonNullable<PersonQuery['person']>['invites'][number]['attempts']>[number];

interface InviteCardProps {
  readonly invite: InviteRowFragment;
  readonly attempts: readonly Attempt[];
}

const VERBS = {
  RESEND: 'Resend',
  SEND_NEW: 'New invite',
  INVITE: 'Invite',
  REVOKE: 'Revoke',
  REVEAL_LINK: 'Link shown',
};
const OUTCOMES = {
  REQUESTED: 'requested',
  REJECTED: 'refused',
  NOT_SENT: 'not sent',
  UNKNOWN: 'outcome not known',
};

function InviteCard({ invite, attempts }: InviteCardProps) {
  const progress = useDesk().progressOf(invite.id);
  const { account, status, when, whenMore } = toInviteRow(invite);
  return (
    <li>
      <p className="card-head">
        <strong>{account.name ?? account.id}</strong>
        <StatusPill label={status} />
      </p>
      <p className="quiet">
        {VENDORS[account.vendor]} · {when}, {whenMore}
      </p>
      <InviteButtons invite={invite} place="panel" />
      {progress && <OutcomeNote invite={invite} progress={progress} />}
      {attempts.length > 0 && (
        <ol className="attempts" aria-label="What was tried, newest first">
          {attempts.map(({ id, verb, outcome, at }) => (
            <li key={id}>
              <Clock at={at} /> {VERBS[verb]}: {OUTCOMES[outcome]}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
