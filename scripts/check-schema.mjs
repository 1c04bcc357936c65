/**
 * Compares the schema with that of the last release, and exits with 1 if a client, or a neighbour in a supergraph, would
 * break on the difference. The last release is the newest tag before this commit; where there is none (none yet, or a
 * shallow clone), the contract in test/support stands in.
 *
 *   npm run schema:check
 *   npm run schema:check -- --against v1.2.0         another tag or commit
 *   npm run schema:check -- --against old.graphql    a file
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readCommandLine } from '../dist/cli/command-line.js';

const require = createRequire(import.meta.url);
const { buildSubgraphSchema } = require('@apollo/subgraph');
const { CriticalityLevel, diff } = require('@graphql-inspector/core');
const { parse, print, visit } = require('graphql');

const CONTRACT = join('test', 'support', 'contract.graphql');

const { values } = readCommandLine({
  usage: `Usage: npm run schema:check -- [options]

Compares the schema with that of the last release; exits with 1 if a client or another subgraph would break.

  --against REF  a tag, a commit or a .graphql file to compare with; default: the last release
  -h, --help     prints this
  -v, --version  prints the version`,
  options: { against: { type: 'string' } },
});
const { name, sdl } = baseline(values.against);
const before = parse(sdl);
const now = parse(
  readdirSync('schema')
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => readFileSync(join('schema', file), 'utf8'))
    .join('\n'),
);

const changes = (await diff(buildSubgraphSchema(before), buildSubgraphSchema(now))).filter(
  // What directives mean for federation is looked at below; costs and list sizes break nobody.
  ({ type }) => !type.startsWith('DIRECTIVE_USAGE'),
);
const messages = (level) =>
  changes.filter(({ criticality }) => criticality.level === level).map(({ message }) => message);
const breaking = [...messages(CriticalityLevel.Breaking), ...lostKeys(), ...newScopes()];
const dangerous = messages(CriticalityLevel.Dangerous);
const others = messages(CriticalityLevel.NonBreaking).length;

process.stdout.write(
  [
    `schema: compared with ${name}`,
    ...section('breaking', breaking),
    ...section('worth a look', dangerous),
    `${breaking.length} breaking, ${dangerous.length} worth a look, ${others} others\n`,
  ].join('\n'),
);
process.exitCode = breaking.length > 0 ? 1 : 0;

function section(title, lines) {
  return lines.length > 0 ? [`${title}:`, ...lines.map((line) => `  ${line}`)] : [];
}

/** A neighbour may enter by every key, and share every type, that there was. */
function lostKeys() {
  const kept = new Set(marks(now, ['key', 'shareable']).map(({ text }) => text));
  return marks(before, ['key', 'shareable'])
    .filter(({ text }) => !kept.has(text))
    .map(({ place, directive }) => `${place} has lost ${directive}`);
}

/** A token that was enough must stay so. A baseline without any scope, such as the contract, says nothing of them. */
function newScopes() {
  const known = marks(before, ['authenticated', 'requiresScopes']);
  if (known.length === 0) return [];
  const places = new Set(marks(before).map(({ place }) => place));
  return marks(now, ['authenticated', 'requiresScopes'])
    .filter(({ place, text }) => places.has(place) && !known.some((mark) => mark.text === text))
    .map(({ place, directive }) => `${place} now asks for ${directive}`);
}

/** Every type and field, once for each directive of these names on it; once each if no names are given. */
function marks(document, names) {
  const found = [];
  let type = '';
  const note = (place, { directives = [] }) => {
    if (!names) found.push({ place });
    for (const each of directives)
      if (names?.includes(each.name.value))
        found.push({ place, directive: print(each), text: `${place} ${print(each)}` });
  };
  const object = (node) => note((type = node.name.value), node);
  visit(document, {
    ObjectTypeDefinition: object,
    ObjectTypeExtension: object,
    FieldDefinition: (node) => note(`${type}.${node.name.value}`, node),
  });
  return found;
}

/** What to compare with. */
function baseline(wanted) {
  if (wanted !== undefined && existsSync(wanted)) return { name: wanted, sdl: readFileSync(wanted, 'utf8') };
  // A release is compared with the one before it, not with itself.
  const ref = wanted ?? git('describe', '--tags', '--abbrev=0', 'HEAD^');
  if (ref === undefined)
    return { name: `${CONTRACT}: there is no tag to compare with`, sdl: readFileSync(CONTRACT, 'utf8') };
  const files = (git('ls-tree', '--name-only', ref, 'schema/') ?? '').split('\n');
  const sdl = files
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => git('show', `${ref}:${file}`))
    .join('\n');
  if (sdl === '') {
    process.stderr.write(`${ref} is no file, and no tag or commit with a schema in it.\n`);
    process.exit(1);
  }
  return { name: ref, sdl };
}

/** What git prints; undefined if it fails. */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
