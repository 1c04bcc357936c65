/**
 * The long checks, of which the test suite runs short ones:
 *
 *   node test/crash/run.mjs crash [--kills 200] [--database sqlite|postgres] [--seed N]
 *   node test/crash/run.mjs once [--writes 10000] [--seed N]
 *
 * Exits with 1 if anything was found that must not be.
 */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
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
