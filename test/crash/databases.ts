import { join } from 'node:path';
import { openPostgres, type TestPostgres } from '../support/postgres';

/** The kinds of database that the ledger may be kept in. */
export const DATABASES = ['sqlite', 'postgres'] as const;

/** One of them. */
export type DatabaseKind = (typeof DATABASES)[number];

/** Makes empty databases. */
export interface Databases {
  /** A new one, as `storage:` in rollcall.yaml says it. */
  create(kind: DatabaseKind): Promise<string>;
  /** Starts what takes long to start. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** SQLite files under a folder, and a PostgreSQL server that is started when it is first needed. */
export function openDatabases(folder: string): Databases {
  let files = 0;
  let server: Promise<TestPostgres> | null = null;
  const started = (): Promise<TestPostgres> => (server ??= openPostgres());
  return {
    create: async (kind) => {
      if (kind === 'postgres') return (await started()).database();
      files += 1;
      return `sqlite:${join(folder, `ledger-${files}.db`)}`;
    },
    warmUp: async () => {
      await started();
    },
    close: async () => {
      // One that did not start has nothing to stop.
      const running = await server?.catch(() => null);
      await running?.close();
    },
  };
}
