import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { DatabaseError, type Pool, type PoolClient } from 'pg';

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
  const query = async (text: string, parameters: unknown[]): Promise<unknown> => {
    try {
      return await client.query(text, parameters);
    } catch (error) {
      // An error that the server itself has sent is an answer.
      isBroken ||= !(error instanceof DatabaseError);
      throw error;
    }
  };
  return {
    query: query as PostgresPoolClient['query'],
    release: () => {
      client.release(isBroken);
    },
  };
}
