/**
 * Writes the subgraph's SDL to stdout, for composition.
 *
 *   npm run --silent schema:print > rollcall.graphql
 *   npm run --silent schema:print -- --without-scopes        for gateways that cannot take `@requiresScopes`
 *   npm run --silent schema:print -- --without-federation    for clients and their code generators
 */
import { createRequire } from 'node:module';
import { readCommandLine } from '../dist/cli/command-line.js';

const require = createRequire(import.meta.url);
const { buildASTSchema, print, printSchema, visit } = require('graphql');
const { readSdl } = require('../dist/graphql/schema.js');

const { values: flags } = readCommandLine({
  usage: `Usage: npm run --silent schema:print -- [options]

Prints the subgraph's SDL, for composition.

  --without-scopes      leaves @requiresScopes and @authenticated out, for gateways that refuse them
  --without-federation  leaves federation's directives out, for clients and their code generators
  -h, --help            prints this
  -v, --version         prints the version`,
  options: {
    'without-scopes': { type: 'boolean', default: false },
    'without-federation': { type: 'boolean', default: false },
  },
});
const sdl = readSdl();
if (flags['without-federation']) process.stdout.write(`${withoutFederation(sdl)}\n`);
else process.stdout.write(`${print(flags['without-scopes'] ? withoutScopes(sdl) : sdl)}\n`);

/**
 * What clients see: no `@link`, no directive of federation, each type in one piece. Generators that follow the GraphQL
 * specification to the letter refuse directives that the document does not define; relay-compiler does.
 */
function withoutFederation(document) {
  return printSchema(buildASTSchema(document, { assumeValidSDL: true }));
}

/** The program enforces scopes from its own SDL, whatever a gateway was given. */
function withoutScopes(document) {
  const names = ['authenticated', 'requiresScopes'];
  return visit(document, {
    Directive: ({ name }) => (names.includes(name.value) ? null : undefined),
    // In the list of imports.
    StringValue: ({ value }) => (names.includes(value.replace('@', '')) ? null : undefined),
  });
}
