import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientOptions, RollcallClient } from '../../../examples/graphql-clients/src/rollcall-client';

/** The folder of the example. */
export const EXAMPLE = join(__dirname, '..', '..', '..', 'examples', 'graphql-clients');

/** The libraries, each under the folder of its client. */
export const LIBRARIES = ['apollo', 'urql', 'relay'] as const;
export type Library = (typeof LIBRARIES)[number];

/** What a client module offers. */
interface ClientModule {
  createClient(url: string, options?: ClientOptions): RollcallClient;
}

/**
 * Loads the client of one library. Its packages are the example's own, so the compiler cannot follow this path where they
 * are not installed.
 */
export async function loadClient(library: Library): Promise<ClientModule['createClient']> {
  if (!existsSync(join(EXAMPLE, 'src', 'generated', 'StaffListQuery.graphql.ts')))
    throw new Error('examples/graphql-clients is not ready. Run: npm run examples');
  const { createClient } = (await import(join(EXAMPLE, 'src', library, 'client.ts'))) as ClientModule;
  return createClient;
}
