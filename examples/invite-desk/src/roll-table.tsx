import { useState } from 'react';
import type { InviteRowFragment } from './generated/graphql';
import { RollRow } from './roll-row';
import type { Row } from './rows';
import type { Roll } from './use-roll';
import { useDesk } from './desk-context';

const COLUMNS = ['Person', 'Account', 'Status', 'When', 'What can be done'];

interface RollTableProps {
  readonly roll: Roll;
  readonly caption: string;
}

/** The one table of the desk, with the selection on it. */
export function RollTable({ roll, caption }: RollTableProps) {
  const { begin, originOf, progressOf } = useDesk();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const rows = roll.rows ?? [];
  const canResend = ({ invite }: Row): boolean =>
    (invite?.actions?.resend.allowed ?? false) && progressOf(invite?.id ?? '')?.phase !== 'asking';
  const selectable = rows.filter(canResend);
  const chosen = selectable.filter(({ id }) => selected.has(id));
  const resendChosen = (): void => {
    const invites = chosen
      .map(({ invite }) => invite)
      .filter((invite): invite is InviteRowFragment => !!invite);
    if (invites.length > 0) begin('RESEND', invites);
  };

  return (
    <>
      <div className="bulk">
        <button type="button" className="button" aria-disabled={chosen.length === 0} onClick={resendChosen}>
          Resend selected
        </button>
        <p>
          {chosen.length === 0
            ? 'Select pending invites to resend them together.'
            : `${chosen.length} selected.`}
        </p>
      </div>
      {/* Roles are written out: browsers forget a table's own where narrow screens show its rows as cards. */}
      <table role="table" className="roll" aria-busy={roll.loading}>
        <caption className="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col" className="roll-check">
              <label>
                <input
                  type="checkbox"
                  disabled={selectable.length === 0}
                  checked={selectable.length > 0 && chosen.length === selectable.length}
                  onChange={({ target }) => {
                    setSelected(new Set(target.checked ? selectable.map(({ id }) => id) : []));
                  }}
                />
                <span className="visually-hidden">Select all that can be resent</span>
              </label>
            </th>
            {COLUMNS.map((name) => (
              <th role="columnheader" scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {roll.rows === null && roll.loading && <Skeleton />}
          {rows.length === 0 && !roll.loading && (
            <tr role="row">
              <td role="cell" colSpan={6} className="roll-empty">
                {emptyTextOf(roll)}
              </td>
            </tr>
          )}
          {rows.map((row) => (
            <RollRow
              // A new invite in the place of an old one is the same row to the user, whose focus may be in it.
              key={originOf(row.id)}
              row={row}
              selectable={canResend(row)}
              selected={selected.has(row.id)}
              onSelect={(on) => {
                setSelected((old) => new Set(on ? [...old, row.id] : [...old].filter((id) => id !== row.id)));
              }}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}

/** A page may be empty and the list go on: then nothing is known yet of who matches. */
function emptyTextOf({ rows, next }: Roll): string {
  if (!rows) return 'There is no list to show.';
  return next ? 'Nobody on this page; the list goes on.' : 'Nobody here matches these filters.';
}

/** Rows as high as real ones, so that nothing moves when these come. */
const Skeleton = () =>
  Array.from({ length: 10 }, (_, index) => (
    <tr role="row" key={index} className="roll-row skeleton" aria-hidden="true">
      <td role="cell" className="roll-check" />
      {COLUMNS.map((name) => (
        <td role="cell" key={name}>
          <span className="bone" />
          <span className="bone bone-short" />
        </td>
      ))}
    </tr>
  ));
