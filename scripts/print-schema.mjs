/**
 * Writes the subgraph's SDL to stdout, for composition.
 *
 *   npm run --silent schema:print > rollcall.graphql
 *   npm run --silent schema:print -- --without-scopes    for gateways that cannot take `@requiresScopes`
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const { print, visit } = require('graphql');
const { readSdl } = require('../dist/graphql/schema.js');

const { values: flags } = parseArgs({ options: { 'without-scopes': { type: 'boolean', default: false } } });
const sdl = readSdl();
process.stdout.write(`${print(flags['without-scopes'] ? withoutScopes(sdl) : sdl)}\n`);

/** The program enforces scopes from its own SDL, whatever a gateway was given. */
function withoutScopes(document) {
  const names = ['authenticated', 'requiresScopes'];
  return visit(document, {
    Directive: ({ name }) => (names.includes(name.value) ? null : undefined),
    // In the list of imports.
    StringValue: ({ value }) => (names.includes(value.replace('@', '')) ? null : undefined),
  });
}
