/** Writes the subgraph's SDL to stdout, for composition: `npm run --silent schema:print > rollcall.graphql`. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { print } = require('graphql');
const { readSdl } = require('../dist/graphql/schema.js');

process.stdout.write(`${print(readSdl())}\n`);
