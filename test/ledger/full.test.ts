import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openLedger } from '../../src/ledger/ledger';
import { closeAll } from '../support/close-all';
import { type LedgerPool, openSqliteLedgers } from '../support/ledger-pool';
import type { Filled } from './fill';
import { ALWAYS, newAttempt, storageOf, UNLIMITED } from './open';

/** Fills a ledger in a process whose files may grow to so many blocks, as if the disk had no more. */
async function fill(address: string, blocks: number): Promise<Filled> {
  const [hook, program] = ['typescript.cjs', 'fill.ts'].map((name) => `'${join(__dirname, name)}'`);
  const node = `'${process.execPath}' -r ${hook ?? ''} ${program ?? ''} '${address}'`;
  const { stdout } = await promisify(execFile)('sh', ['-c', `ulimit -f ${blocks} && exec ${node}`]);
  return JSON.parse(stdout) as Filled;
}

describe('disk full: a ledger in a SQLite file that cannot grow', () => {
  let ledgers: LedgerPool;
  beforeAll(async () => {
    ledgers = await openSqliteLedgers();
  });
  afterAll(() => closeAll(ledgers));

  it('starts no write that it cannot record, keeps its records, and continues when there is space', async () => {
    const address = await ledgers.storage();
    const { begun, refused, readable } = await fill(address, 1000);
    expect(begun).toBeGreaterThan(0);
    expect([refused, readable]).toEqual([3, begun]);

    const ledger = await openLedger(storageOf(address), UNLIMITED, Date.now);
    const before = await ledger.attempts.begin(newAttempt('key-0', 'key-0'), ALWAYS);
    const after = await ledger.attempts.begin(newAttempt('another', 'another'), ALWAYS);
    expect([before.kind, after.kind]).toEqual(['known', 'begun']);
    await ledger.close();
  });
});
