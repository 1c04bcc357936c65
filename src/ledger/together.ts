import DataLoader from 'dataloader';

/**
 * Makes one query of what is asked in the same moment, by however many accounts and operations. Nothing is kept, so nothing
 * can be seen by anybody who has not asked for it.
 */
export function together<Key, Value>(
  ask: (keys: readonly Key[]) => Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  const loader = new DataLoader(ask, { cache: false, maxBatchSize: 100 });
  return (key) => loader.load(key);
}

/** Groups rows by what they belong to. */
export function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
