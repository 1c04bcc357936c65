/** Runs Relay's compiler on the schema as clients see it. In your own project the schema is a file that you keep. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import compiler from 'relay-compiler';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const printSchema = here('../../scripts/print-schema.mjs');

mkdirSync(here('src/generated'), { recursive: true });
writeFileSync(here('schema.graphql'), execFileSync(process.execPath, [printSchema, '--without-federation']));
// The compiler adds to this file, and refuses to start without it.
writeFileSync(here('src/generated/persisted-operations.json'), '{}\n');
execFileSync(compiler, [here('relay.config.json')], { cwd: here('.'), stdio: 'inherit' });
