import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { DatabaseError, type Pool, type PoolClient } from 'pg';

/** A statement of its own that two transactions' order has failed: nothing was done, and it can be done again. */
const NOT_SERIALIZED = '40001';
const MAX_TRIES = 5;

/**
 * A pool that does not take back a connection on which a query got no answer: the query may still run, and its transaction
 * may still be open, so that the next one to use the connection would commit it.
 */
export function discardingBroken(pool: Pool): PostgresPool {
  const clients = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    connect: async () => {
      const client = await pool.connect();
      const known = clients.get(client) ?? discardingWhenBroken(client);
      clients.set(client, known);
      return known;
    },
    end: () => pool.end(),
  };
}

function discardingWhenBroken(client: PoolClient): PostgresPoolClient {
  let isBroken = false;
  let inTransaction = false;
  const query = async (text: string, parameters: unknown[]): Promise<unknown> => {
    if (text.startsWith('begin')) inTransaction = true;
    for (let tries = 1; ; tries++) {
      try {
        return await client.query(text, parameters);
      } catch (error) {
        // An error that the server itself has sent is an answer.
        if (!(error instanceof DatabaseError)) isBroken = true;
        // Only where the database's default is `serializable`: our own transactions are not.
        else if (error.code === NOT_SERIALIZED && !inTransaction && tries < MAX_TRIES) continue;
        throw error;
      } finally {
        if (text === 'commit' || text === 'rollback') inTransaction = false;
      }
    }
  };
  return {
    query: query as PostgresPoolClient['query'],
    release: () => {
      client.release(isBroken);
    },
  };
}
