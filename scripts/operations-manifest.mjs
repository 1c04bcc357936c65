/**
 * Writes `examples/operations/manifest.json`: the example operations as a persisted query manifest, in Apollo's format, for
 * a router that answers known operations alone. What only gateways ask is left out. Run it after a change to an operation.
 *
 *   npm run operations:manifest
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../dist/cli/command-line.js';

readCommandLine({
  usage: `Usage: npm run operations:manifest

Writes examples/operations/manifest.json: the example operations as a persisted query manifest.

  -h, --help     prints this
  -v, --version  prints the version`,
  options: {},
});

const require = createRequire(import.meta.url);
const { getOperationAST, parse, print } = require('graphql');
const { readExamples } = require('../dist/server/landing-page/examples.js');

const operations = readExamples()
  .map(({ document }) => parse(document))
  .map((document) => ({ document, operation: getOperationAST(document) }))
  .map(({ document, operation }) => ({
    id: createHash('sha256').update(print(document)).digest('hex'),
    name: operation.name.value,
    type: operation.operation,
    body: print(document),
  }))
  .filter(({ body }) => !body.includes('_entities'));

const file = fileURLToPath(new URL('../examples/operations/manifest.json', import.meta.url));
const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
process.stdout.write(`${operations.length} operations in examples/operations/manifest.json\n`);
