import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import LibSqlDatabase from 'libsql';
import { Client } from 'pg';
import { whileBusy } from './busy';
import type { Storage } from './database';
import { migrations } from './migrations';

/** How long PostgreSQL may take to let us in, and for each statement, in milliseconds. */
const CONNECT_MS = 3500;
const STATEMENT_MS = 5000;

/** A table that is made, written to and rolled back: it is never there for anybody else. */
const probe = (table: string): string =>
  `CREATE TABLE ${table} (x integer); INSERT INTO ${table} VALUES (1); INSERT INTO ${table} VALUES (2)`;

/**
 * Opens a storage and writes to it in a transaction that is rolled back: nothing of it is changed, and no migration runs,
 * because the version that is running now may still need the tables as they are. Resolves with how many migrations the
 * next start has to run; rejects as opening the ledger would.
 */
export async function tryStorage(storage: Storage): Promise<number> {
  if (storage.kind === 'memory') return 0;
  const done =
    storage.kind === 'postgres'
      ? await tryPostgres(storage.url)
      : await whileBusy(() => Promise.resolve(tryFile(storage.file)));
  const known = Object.keys(migrations);
  if (done.some((name) => !known.includes(name)))
    throw new Error('corrupted migrations: made by a newer version');
  return known.length - done.length;
}

async function tryPostgres(url: string): Promise<string[]> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: found } = await client.query("SELECT to_regclass('kysely_migration') IS NOT NULL AS made");
    const made = (found[0] as { made: boolean }).made;
    const done = made ? await client.query('SELECT name FROM kysely_migration') : { rows: [] };
    await client.query(`BEGIN; ${probe(`rollcall_check_${randomUUID().replaceAll('-', '')}`)}; ROLLBACK`);
    return (done.rows as { name: string }[]).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

function tryFile(file: string): string[] {
  if (!existsSync(file)) {
    tryFolder(dirname(file));
    return [];
  }
  const connection = new LibSqlDatabase(file);
  try {
    const made = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'kysely_migration'").get();
    const done = made ? connection.prepare('SELECT name FROM kysely_migration').all() : [];
    connection.exec('BEGIN IMMEDIATE');
    try {
      connection.exec(probe('rollcall_check'));
    } finally {
      connection.exec('ROLLBACK');
    }
    return (done as { name: string }[]).map(({ name }) => name);
  } finally {
    connection.close();
  }
}

/** Whether a file could be made in this folder, or the folder itself: in the nearest one that is there. */
function tryFolder(folder: string): void {
  if (!existsSync(folder) && dirname(folder) !== folder) {
    tryFolder(dirname(folder));
    return;
  }
  if (!statSync(folder).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  const tried = mkdtempSync(join(folder, '.rollcall-check-'));
  try {
    writeFileSync(join(tried, 'file'), Buffer.alloc(4096));
  } finally {
    rmSync(tried, { recursive: true });
  }
}
