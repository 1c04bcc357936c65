import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

const FOLDER = new URL('../../schema/', import.meta.url);

/** Rollcall's own SDL with another server's resolvers. */
export function createSchema(resolvers) {
  const sdl = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, FOLDER), 'utf8'))
    .join('\n');
  return buildSubgraphSchema({ typeDefs: parse(sdl), resolvers });
}
