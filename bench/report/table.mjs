/** A Markdown table as Prettier would write it: columns of figures to the right, of words to the left. */
export function table(head, rows) {
  const columns = head.map((title, column) => {
    const cells = rows.map((row) => row[column]);
    const isFigures = cells.every((cell) => /^[–\d-]/.test(cell));
    return { isFigures, width: Math.max(3, ...[title, ...cells].map(({ length }) => length)) };
  });
  const line = (row) => `| ${row.map((cell, column) => pad(cell, columns[column])).join(' | ')} |`;
  const rule = columns.map(({ isFigures, width }) =>
    isFigures ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

const pad = (cell, { isFigures, width }) => (isFigures ? cell.padStart(width) : cell.padEnd(width));

/** A number with as many digits as mean something. */
export function short(value) {
  if (value === 0) return '0';
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));
}

/** Peers down, workloads across: what `show` makes of each cell. */
export function peerTable({ cells, peers, workloads }, latencyMs, show) {
  return table(
    ['peer', ...workloads.map(({ name }) => name)],
    peers.map((peer) => [
      peer,
      ...workloads.map(({ name }) => {
        const cell = cells.find(
          (each) => each.peer === peer && each.workload === name && each.latencyMs === latencyMs,
        );
        return cell ? show(cell) : '–';
      }),
    ]),
  );
}

/** CPU per operation as multiples of the limit's. */
export const ratioTable = (results, latencyMs) =>
  peerTable(results, latencyMs, ({ cpuTimes }) => `${short(cpuTimes)}`);
