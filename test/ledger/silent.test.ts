import pg from 'pg';
import { SEED_INVITES } from '../support/seed-ids';
import { openPostgresLedgers } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';

const TABLES = 'attempts, send_locks, remembered_invites';

describe('timeout: a ledger that does not respond', () => {
  const stage = useLedgerFixture(openPostgresLedgers);

  it('fails only what depends on it, and blames no vendor', async () => {
    const storage = await stage.storage();
    const rollcall = await stage.start({
      storage,
      limits: { operationDeadline: '1200ms', softDeadline: '10s' },
    });
    const other = new pg.Client({ connectionString: storage });
    await other.connect();
    await other.query(`begin; lock table ${TABLES} in access exclusive mode`);
    try {
      const { data, errors } = await rollcall.query(
        `query ($ecwid: ID!, $wix: ID!) {
          known: invite(id: $ecwid) { status attempts { id } }
          remembered: invite(id: $wix) { status }
          invites(first: 100) { nodes { account { vendor } } sources { account { vendor } state code } }
        }`,
        { ecwid: SEED_INVITES.softwareone.pending, wix: SEED_INVITES.wix.pending },
      );
      const codes = errors.map(({ path, extensions }) => [path?.join('.'), extensions?.['code']]);
      expect(codes).toEqual(
        expect.arrayContaining([
          ['known.attempts', 'DEADLINE_EXCEEDED'],
          ['remembered', 'DEADLINE_EXCEEDED'],
        ]),
      );
      expect(codes).toHaveLength(2);
      expect(data).toMatchObject({ known: { status: 'PENDING', attempts: null }, remembered: null });
      const { sources = [] } = data?.invites ?? {};
      const told = new Set(sources.map(({ account, state, code }) => `${account.vendor} ${state} ${code}`));
      expect([...told].sort()).toEqual(['ECWID FRESH null', 'SOFTWAREONE FRESH null', 'WIX FAILED TIMEOUT']);
    } finally {
      await other.query('rollback');
      await other.end();
    }
    expect(rollcall.logged.filter((line) => line.includes('"msg":"unexpected"'))).toEqual([]);
  });
});
