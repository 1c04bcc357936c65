/** A Markdown table, its columns as wide as they need to be, as Prettier would write it. */
export function table(head, rows) {
  const widths = head.map((cell, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

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
