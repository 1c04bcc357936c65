/**
 * Compares answers over generated operations, of which the test suite does a short run:
 *
 *   node test/same/run.mjs [--seed N] [--count 100000]
 *
 * Prints each operation that is answered in two ways, with the seed that makes it again; exits with 1 if there was any.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { transformSync } from '@swc/core';

const require = createRequire(import.meta.url);

// TypeScript is run as the test suite runs it.
require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    module: { type: 'commonjs' },
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  });
  module._compile(code, filename);
};

const { main } = require('./main.ts');
process.exitCode = await main(process.argv.slice(2));
