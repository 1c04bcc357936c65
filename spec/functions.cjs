/** Tells whether the functions that the models stand for are still those that the models were compared with. */
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseSync } = require('@swc/core');

const list = join(__dirname, 'functions.json');

/** The functions, each with the digest of the text that the models were compared with, by file and name. */
const readFunctions = () => JSON.parse(readFileSync(list, 'utf8'));

/** One sentence for each function that has changed, or is no longer there, since the models were last compared with it. */
function findChangedFunctions() {
  return Object.entries(readFunctions()).flatMap(([file, functions]) => {
    const source = readSource(file);
    return Object.entries(functions).flatMap(([name, digest]) => {
      const found = digestOf(source, name);
      if (found === digest) return [];
      const what = found === null ? 'is no longer there' : 'has changed';
      return [
        `${file}: ${name} ${what}. Compare it with spec/*.pml, change the model, then: npm run spec -- --accept`,
      ];
    });
  });
}

/** Records the functions as they now are. Throws if one is not there. */
function acceptFunctions() {
  const accepted = Object.entries(readFunctions()).map(([file, functions]) => {
    const source = readSource(file);
    const digests = Object.keys(functions).map((name) => {
      const digest = digestOf(source, name);
      if (digest === null) throw new Error(`${file} has no ${name}: name another in spec/functions.json`);
      return [name, digest];
    });
    return [file, Object.fromEntries(digests)];
  });
  writeFileSync(list, `${JSON.stringify(Object.fromEntries(accepted), null, 2)}\n`);
}

function readSource(file) {
  try {
    return readFileSync(join(__dirname, '..', file), 'utf8');
  } catch {
    return '';
  }
}

/**
 * The digest of the first definition of a name in a TypeScript text, or null. Comments and layout do not count, because
 * the syntax tree without its positions is what is digested.
 */
function digestOf(source, name) {
  const found = findDefinition(parseSync(source, { syntax: 'typescript', target: 'es2023' }), name);
  if (found === undefined) return null;
  const text = JSON.stringify(found, (key, value) =>
    key === 'ctxt' || isPosition(value) ? undefined : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function findDefinition(node, name) {
  if (typeof node !== 'object' || node === null) return undefined;
  if (isDefinition(node) && nameOf(node) === name) return node;
  for (const child of Object.values(node)) {
    const found = findDefinition(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isPosition = (value) => typeof value?.start === 'number' && typeof value.end === 'number';

const isDefinition = ({ type }) =>
  ['FunctionDeclaration', 'VariableDeclarator', 'KeyValueProperty', 'MethodProperty'].includes(type);

const nameOf = ({ identifier, id, key }) => (identifier ?? id ?? key)?.value;

module.exports = { readFunctions, findChangedFunctions, acceptFunctions, digestOf };
