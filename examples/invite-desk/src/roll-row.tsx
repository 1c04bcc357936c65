import { useDesk } from './desk-context';
import { InviteButtons } from './invite-buttons';
import { OutcomeNote } from './outcome-note';
import type { Row } from './rows';
import { StatusPill } from './status-pill';
import { VENDORS } from './words';

interface RollRowProps {
  readonly row: Row;
  readonly selectable: boolean;
  readonly selected: boolean;
  readonly onSelect: (on: boolean) => void;
}

/** A row of the table, and under it what came of the last click on it. */
export function RollRow({ row, selectable, selected, onSelect }: RollRowProps) {
  const { look, progressOf } = useDesk();
  const { name, email, account, status, when, whenMore, invite } = row;
  const progress = invite ? progressOf(invite.id) : undefined;
  const who = email ?? name ?? 'somebody without an address';
  return (
    <>
      <tr role="row" className="roll-row" data-invite={invite?.id} data-noted={progress !== undefined}>
        <td role="cell" className="roll-check">
          {selectable && (
            <input
              type="checkbox"
              aria-label={`Select ${who}`}
              checked={selected}
              onChange={({ target }) => {
                onSelect(target.checked);
              }}
            />
          )}
        </td>
        <th role="rowheader" scope="row" className="roll-person">
          {email ? (
            <button
              type="button"
              className="person"
              onClick={() => {
                look(email);
              }}
              title={email}
            >
              <bdi className="person-name">{name ?? email}</bdi>
              {name && <span className="quiet clip">{email}</span>}
            </button>
          ) : (
            <span className="person">
              <bdi className="person-name">{name ?? 'No address known'}</bdi>
              <span className="quiet clip">{row.id.slice(account.id.length + 1)}</span>
            </span>
          )}
        </th>
        <td role="cell" className="roll-account">
          <span>{account.name ?? account.id}</span>
          <span className="quiet">{VENDORS[account.vendor]}</span>
        </td>
        <td role="cell" className="roll-status">
          <StatusPill label={status} />
        </td>
        <td role="cell" className="roll-when">
          <span>{when}</span>
          <span className="quiet">{whenMore}</span>
        </td>
        <td role="cell" className="roll-actions">
          {invite ? <InviteButtons invite={invite} place="table" /> : <p className="quiet">No invite.</p>}
        </td>
      </tr>
      {invite && progress && (
        <tr role="row" className="roll-note">
          <td role="cell" colSpan={6}>
            <OutcomeNote invite={invite} progress={progress} />
          </td>
        </tr>
      )}
    </>
  );
}
