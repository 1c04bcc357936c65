import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainOpenError } from '../../src/ledger/explain-open-error';
import { openLedger } from '../../src/ledger/ledger';
import type { Storage } from '../../src/ledger/database';
import { tryStorage } from '../../src/ledger/try-storage';
import { closeAll } from '../support/close-all';
import { startPostgres, sql, type TestPostgres } from '../support/postgres';

const SECRET = 'CANARY-database-password';
const LIMITS = {
  cooldown: 0,
  emailsPerInvitePerDay: 1,
  emailsPerAccountPerHour: 1,
  idempotencyTtl: 1,
  removalsPerAccountPerHour: 1,
};

/** Why a storage cannot be opened; the same whether an app opens it or `--check --connect` tries it. */
async function problemOf(storage: Storage): Promise<string> {
  const opened = openLedger(storage, LIMITS, Date.now).then(
    (ledger) => ledger.close().then(() => 'opened'),
    (error: unknown) => explainOpenError(error, storage),
  );
  const tried = tryStorage(storage).then(
    () => 'opened',
    (error: unknown) => explainOpenError(error, storage),
  );
  const problem = await opened;
  expect(await tried).toBe(problem);
  expect(problem).not.toMatch(/CANARY|rollcall:|127\.0\.0\.1/);
  return problem;
}

describe('a PostgreSQL storage that cannot be opened', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
    for (const statement of [
      `create role reader login password '${SECRET}'`,
      `create role blocked nologin password '${SECRET}'`,
      'create database barred',
      'create database standby',
      'alter database standby set default_transaction_read_only = on',
    ])
      await sql(postgres.url, statement);
  });
  afterAll(() => closeAll(postgres));

  const at = (change: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'search'>>): Storage => ({
    kind: 'postgres',
    url: Object.assign(new URL(postgres.url), change).href,
  });

  it.each([
    ['a database that does not exist', { pathname: '/missing' }, /no database of that name.*\(3D000\)$/],
    ['a wrong password', { password: SECRET }, /refuses the user or the password \(28P01\)$/],
    ['an unknown role', { username: 'nobody_here' }, /refuses the user.*\((28P01|28000)\)$/],
    ['a role that may not log in', { username: 'blocked', password: SECRET }, /refuses the user.*\(28000\)$/],
    ['a server without TLS', { search: '?sslmode=verify-full' }, /does not offer TLS/],
    ['a role without rights', { username: 'reader', password: SECRET, pathname: '/barred' }, /\(42501\)$/],
    ['a read-only database', { pathname: '/standby' }, /read-only.*\(25006\)$/],
  ])('names %s, and no part of its address', async (_what, change, problem) => {
    expect(await problemOf(at(change))).toMatch(problem);
  });

  it('names tables of a newer version', async () => {
    const url = await postgres.database();
    await (await openLedger({ kind: 'postgres', url }, LIMITS, Date.now)).close();
    await sql(url, "insert into kysely_migration (name, timestamp) values ('9999_future', 'now')");
    expect(await problemOf({ kind: 'postgres', url })).toBe('was changed by a newer version of Rollcall');
  });

  it('is left without tables by a try, and with its tables as they are', async () => {
    const url = await postgres.database();
    const tables = "select count(*)::int as n from pg_tables where schemaname = 'public'";
    const pending = await tryStorage({ kind: 'postgres', url });
    expect(pending).toBeGreaterThan(0);
    expect(await sql(url, tables)).toEqual([{ n: 0 }]);
    await (await openLedger({ kind: 'postgres', url }, LIMITS, Date.now)).close();
    expect(await tryStorage({ kind: 'postgres', url })).toBe(0);
  });
});

describe('a PostgreSQL server that cannot be reached', () => {
  let stranger: Server;
  beforeAll(async () => {
    stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => closeAll(stranger));

  it.each([
    ['nothing listens', () => '127.0.0.1:1/x', /nothing listens at its host and port \(ECONNREFUSED\)$/],
    [
      'its name is unknown',
      () => 'db.invalid/x',
      /host name (is unknown|cannot be looked up).*\((ENOTFOUND|EAI_AGAIN)\)$/,
    ],
    [
      'it is another program',
      () => `127.0.0.1:${portOf(stranger)}/x`,
      /may not be PostgreSQL|closed from the other side/,
    ],
    [
      'a certificate file is missing',
      () => '127.0.0.1:1/x?sslrootcert=/nowhere',
      /certificate or key file.*\(ENOENT\)$/,
    ],
  ])('says so: %s', async (_what, address, problem) => {
    expect(await problemOf({ kind: 'postgres', url: `postgres://user:${SECRET}@${address()}` })).toMatch(
      problem,
    );
  });
});

const portOf = (server: Server): number => (server.address() as { port: number }).port;

describe('an SQLite storage that cannot be opened', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-storage-'));
    writeFileSync(join(folder, 'text'), 'x'.repeat(8192));
    writeFileSync(join(folder, 'cut'), 'SQLite format 3\0'.padEnd(600, '\0'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['a folder', '.', /names a folder, not a file$/],
    ['a file of something else', 'text', /not an SQLite database/],
    ['a cut database', 'cut', /not an SQLite database|damaged/],
    ['a path through a file', 'text/x/ledger.db', /no folder \((ENOTDIR|EEXIST)\)$/],
  ])('says what it is: %s', async (_what, file, problem) => {
    expect(await problemOf({ kind: 'sqlite', file: join(folder, file) })).toMatch(problem);
  });

  it('says that the disk is full', async () => {
    const problem = await openLedger({ kind: 'sqlite', file: '/dev/full' }, LIMITS, Date.now).catch(
      (error: unknown) => explainOpenError(error, { kind: 'sqlite', file: '/dev/full' }),
    );
    expect(problem).toBe('cannot be opened: the disk is full (SQLITE_FULL)');
  });

  it('is not made by a try', async () => {
    const file = join(folder, 'new', 'deep', 'ledger.db');
    expect(await tryStorage({ kind: 'sqlite', file })).toBeGreaterThan(0);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });
});
