/**
 * What hostile requests cost a process of the program: CPU, memory and bytes of answer, against their bounds.
 *
 *   node test/cost/run.mjs [--program FOLDER]     the folder with `dist/`; this project unless given
 *
 * Prints a table. Exits with 1 if a bound was broken.
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
