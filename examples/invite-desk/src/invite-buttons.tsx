import { useDesk } from './desk-context';
import type { ActionFragment, InviteRowFragment } from './generated/graphql';
import { Clock } from './instant';
import type { Verb } from './intents/intent';
import { useAgainAt } from './use-again-at';
import { REFUSAL } from './words';

const NAMES: Record<Verb, string> = { RESEND: 'Resend', SEND_NEW: 'Send new', REVOKE: 'Revoke' };

interface Choice {
  readonly verb: Verb;
  readonly action: ActionFragment;
}

/** The verb that fits, and Revoke. Resending gives way to a new invite where the state says that only that can help. */
function choicesOf({ actions }: InviteRowFragment): readonly Choice[] {
  if (!actions) return [];
  const { resend, sendNew, revoke } = actions;
  const gone = ['INVITE_EXPIRED', 'INVITE_DECLINED', 'INVITE_REVOKED'].includes(resend.reason ?? '');
  return [
    gone ? { verb: 'SEND_NEW', action: sendNew } : { verb: 'RESEND', action: resend },
    { verb: 'REVOKE', action: revoke },
  ];
}

/** What can be done with an invite now, as `Invite.actions` says; what cannot says why, and when it can. */
export function InviteButtons({
  invite,
  place,
}: {
  readonly invite: InviteRowFragment;
  readonly place: string;
}) {
  const { begin, progressOf } = useDesk();
  const choices = choicesOf(invite);
  useAgainAt(invite.id, choices.find(({ action }) => action.availableAt)?.action.availableAt ?? null);

  if (invite.status === 'ACCEPTED') return <p className="quiet">Accepted: nothing left to do.</p>;
  if (choices.length === 0) return <p className="quiet">What can be done is not known now.</p>;
  const busy = progressOf(invite.id)?.phase === 'asking';
  const reasonId = `why-${place}-${invite.id}`;
  const refused = choices.filter(({ action }) => !action.allowed);
  return (
    <div className="invite-buttons">
      {choices.map(({ verb, action }) => (
        // aria-disabled and not disabled: the button keeps the focus, and its reason can be read.
        <button
          key={verb === 'REVOKE' ? 'revoke' : 'send'}
          type="button"
          className={verb === 'REVOKE' ? 'button button-plain' : 'button'}
          aria-disabled={busy || !action.allowed}
          aria-describedby={action.allowed ? undefined : reasonId}
          aria-label={`${NAMES[verb]}: ${invite.email ?? 'no address'}`}
          onClick={() => {
            if (!busy && action.allowed) begin(verb, [invite]);
          }}
        >
          {NAMES[verb]}
        </button>
      ))}
      <p id={reasonId} className="reason">
        {refused.map(({ verb, action }) => (
          <span key={verb}>
            {NAMES[verb]}: {action.reason ? REFUSAL[action.reason] : 'not possible now'}
            {action.availableAt && (
              <>
                , again at <Clock at={action.availableAt} />
              </>
            )}
          </span>
        ))}
      </p>
    </div>
  );
}
