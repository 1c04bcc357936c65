/** Loads the simulation with the product as it is, or without one of its repairs. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { REPAIRS } from './repairs.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiled files by name, where nothing is taken from them. */
const compiled = new Map();
let without = [];

// TypeScript is run as the test suite runs it.
require.extensions['.ts'] = (module, filename) => {
  const edits = without.filter(({ file }) => filename === `${root}${file}`);
  const code =
    edits.length > 0 ? compile(filename, edits) : (compiled.get(filename) ?? compile(filename, []));
  if (edits.length === 0) compiled.set(filename, code);
  module._compile(code, filename);
};

function compile(filename, edits) {
  const source = edits.reduce(edit, readFileSync(filename, 'utf8'));
  return transformSync(source, {
    filename,
    module: { type: 'commonjs' },
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  }).code;
}

function edit(source, { file, find, replace }) {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new Error(`${file} has this text ${parts.length - 1} times, not once; see repairs.mjs:\n${find}`);
  return parts.join(replace);
}

/** @param {string | null} repair The repair to take away, by its name. */
export function loadSimulation(repair = null) {
  const found = REPAIRS.find((each) => each.repair === repair);
  if (repair !== null && !found)
    throw new Error(`No repair "${repair}". There are:\n${REPAIRS.map((each) => each.repair).join('\n')}`);
  without = found?.edits ?? [];
  for (const name of Object.keys(require.cache)) if (name.endsWith('.ts')) delete require.cache[name];
  return require('./simulation.ts');
}
