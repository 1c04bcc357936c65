import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { sharedServer } from './shared-server';

/** A real PostgreSQL server, empty at first and gone afterwards. */
export interface TestPostgres {
  /** The server's own database, to look in from outside. */
  readonly url: string;
  /** The address of a database that nobody has used before. */
  database(): Promise<string>;
  /** Drops the databases, and stops the server if it is this file's own. */
  close(): Promise<void>;
}

/** Databases in the PostgreSQL that all test files share; `close` drops them. */
export async function openPostgres(): Promise<TestPostgres> {
  const url = await sharedServer('postgres');
  if (url === undefined) return startPostgres();
  const names: string[] = [];
  return {
    url,
    database: async () => {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      names.push(name);
      await sql(url, `create database ${name}`);
      return addressOf(url, name);
    },
    close: async () => {
      for (const name of names.splice(0)) await sql(url, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Starts PostgreSQL in a process of its own, which ends with this one whatever happens. */
export async function startPostgres(): Promise<TestPostgres> {
  const child = spawn(process.execPath, [join(__dirname, 'postgres-server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await firstLine(child);
  let databases = 0;

  return {
    url,
    database: async () => {
      databases += 1;
      const name = `ledger_${databases}`;
      await sql(url, `create database ${name}`);
      return addressOf(url, name);
    },
    close: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/** Runs statements over a connection of their own, and returns the rows of the last one. */
export async function sql(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

const addressOf = (url: string, database: string): string =>
  Object.assign(new URL(url), { pathname: `/${database}` }).href;

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the server has no output');
  const gone = once(child, 'exit').then(() => {
    throw new Error('PostgreSQL did not start');
  });
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), gone])) as [string];
  return line;
}
