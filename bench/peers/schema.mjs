import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

const FOLDER = new URL('../../schema/', import.meta.url);

/** Rollcall's own SDL. */
export const readSdl = () =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, FOLDER), 'utf8'))
    .join('\n');

/** The same with another server's resolvers. */
export const createSchema = (resolvers) => buildSubgraphSchema({ typeDefs: parse(readSdl()), resolvers });
