import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { createSchema } from '../../src/graphql/schema';
import type { VendorName } from '../../src/emulators/start';
import { createRandom } from '../support/random';
import { type GeneratedOperation, generateOperation } from './generated-operation';
import type { SeedWords } from './generated-variables';
import type { Asked, Stage } from './stage';

/** Two answers to one operation that differ. */
export interface Difference {
  /** Makes the operation again: `--seed` and `--count 1`. */
  readonly seed: number;
  readonly operation: GeneratedOperation;
  readonly way: string;
  readonly expected: Asked;
  readonly actual: Asked;
}

/** What came of a run. */
export interface Comparison {
  readonly operations: number;
  readonly comparisons: number;
  /** Answers with data, and answers with errors: a generator that makes neither would prove nothing. */
  readonly withData: number;
  readonly withErrors: number;
  readonly withCursor: number;
  readonly differences: readonly Difference[];
}

/**
 * Generates operations until so many comparisons are made. Each operation is sent to an app for the first time, twice again,
 * once more through Apollo Server, and to a second app; each of these answers, and what vendors were asked for it, is compared
 * with that of graphql-js' own `execute`, which runs what a router wants traced.
 */
export async function compareAnswers(
  stage: Stage,
  options: {
    readonly seed: number;
    readonly comparisons: number;
    readonly onDifference?: (difference: Difference) => void;
    readonly onOperation?: (operations: number, comparisons: number) => void;
  },
): Promise<Comparison> {
  const schema = createSchema();
  const words = await readWords(stage);
  const total = { operations: 0, comparisons: 0, withData: 0, withErrors: 0, withCursor: 0 };
  const differences: Difference[] = [];
  for (let seed = options.seed; total.comparisons < options.comparisons; seed++) {
    const { operations, found } = await compareOne(stage, schema, words, seed);
    for (const { asked, difference } of found) {
      total.comparisons++;
      if (asked.answer.includes('"data":{')) total.withData++;
      if (asked.answer.includes('"errors":[')) total.withErrors++;
      if (difference === null) continue;
      differences.push(difference);
      options.onDifference?.(difference);
    }
    total.operations += operations;
    total.withCursor += operations - 1;
    options.onOperation?.(total.operations, total.comparisons);
  }
  return { ...total, differences };
}

interface Found {
  readonly asked: Asked;
  readonly difference: Difference | null;
}

async function compareOne(
  stage: Stage,
  schema: GraphQLSchema,
  words: SeedWords,
  seed: number,
): Promise<{ operations: number; found: Found[] }> {
  const random = createRandom(seed);
  const operation = generateOperation(schema, random, words);
  const token = random.pick(stage.tokens);
  const vendor = random.pick<VendorName | null>([null, null, null, null, 'ecwid', 'softwareone', 'wix']);
  if (vendor !== null) stage.emulators[vendor].faults.add({ kind: 'status', status: 400 });
  try {
    const first = await compareWays(stage, token, seed, operation);
    const after = cursorIn(first, random.chance(0.5) ? 0 : 1);
    const next = after === null ? null : withCursor(operation, after);
    if (next === null) return { operations: 1, found: first };
    return { operations: 2, found: [...first, ...(await compareWays(stage, token, seed, next))] };
  } finally {
    if (vendor !== null) stage.emulators[vendor].faults.clear();
  }
}

const TRACED = { 'apollo-federation-include-trace': 'ftv1' };

async function compareWays(
  stage: Stage,
  token: string,
  seed: number,
  operation: GeneratedOperation,
): Promise<Found[]> {
  const [one, other] = stage.apps;
  const ways: [string, () => Promise<Asked>][] = [
    ['first', () => stage.ask(one, token, operation)],
    ['second', () => stage.ask(one, token, operation)],
    ['third', () => stage.ask(one, token, operation)],
    ['through Apollo Server', () => stage.ask(one, token, { ...operation, extensions: {} })],
    ['another process', () => stage.ask(other, token, operation)],
  ];
  const reference = (): Promise<Asked> => stage.ask(one, token, operation, TRACED);
  const answers: [string, () => Promise<Asked>, Asked][] = [];
  for (const [way, ask] of ways) answers.push([way, ask, await ask()]);
  const expected = await reference();
  const found: Found[] = [];
  for (const [way, ask, asked] of answers) {
    const isSame =
      asked.answer === expected.answer &&
      (asked.calls === expected.calls || (await asksTheSame(ask, reference)));
    found.push({ asked, difference: isSame ? null : { seed, operation, way, expected, actual: asked } });
  }
  return found;
}

/**
 * Asks anew where an answer was the same and the vendor calls were not: a profile that is read ahead may still be on its way
 * when the answer turns out not to need it. A way that asks vendors for something else does so each time.
 */
async function asksTheSame(ask: () => Promise<Asked>, reference: () => Promise<Asked>): Promise<boolean> {
  for (let tries = 0; tries < 5; tries++) {
    await delay(50);
    const { calls } = await ask();
    await delay(50);
    if (calls === (await reference()).calls) return true;
  }
  return false;
}

/** A cursor in the answer of one way, if there is any. */
const cursorIn = (found: readonly Found[], way: number): string | null =>
  /"(?:endCursor|cursor)":"([^"]+)"/.exec(found[way]?.asked.answer ?? '')?.[1] ?? null;

/** The operation with that cursor wherever it says `after`; null where it says it nowhere. */
function withCursor(operation: GeneratedOperation, after: string): GeneratedOperation | null {
  const query = operation.query.replace(/after: (?:null|"[^"]*")/g, `after: "${after}"`);
  const names = [...query.matchAll(/after: \$(\w+)/g)].map(([, name = '']) => name);
  if (query === operation.query && names.length === 0) return null;
  const given = Object.fromEntries(names.map((name) => [name, after]));
  return { ...operation, query, variables: { ...operation.variables, ...given } };
}

/** Real ids and addresses, and some that are unknown. */
async function readWords(stage: Stage): Promise<SeedWords> {
  const query = `{ accounts { nodes { id name roles { id } } } staffMembers(first: 100) { nodes { id email } }
    invites(first: 100, filter: { status: [PENDING, ACCEPTED, EXPIRED, DECLINED, REVOKED, UNKNOWN] }) { nodes { id } } }`;
  const [app, other] = stage.apps;
  const [token = ''] = stage.tokens;
  const { answer } = await stage.ask(app, token, { query });
  // Both have asked each vendor once: from now on their connections stand alike.
  await stage.ask(other, token, { query });
  const { data } = JSON.parse(answer.slice(4)) as {
    data: Record<string, { nodes: { id: string; email?: string }[] }>;
  };
  const idsOf = (list: string): string[] => data[list]?.nodes.map(({ id }) => id) ?? [];
  const emails = data['staffMembers']?.nodes.flatMap(({ email }) => email ?? []) ?? [];
  return {
    accounts: [...idsOf('accounts'), 'nobody'],
    staffMembers: [...idsOf('staffMembers'), 'contoso:AUSR-0000-0000-0000', '..'],
    invites: [...idsOf('invites'), 'nobody:i-x'],
    emails: [...emails, 'nobody@nowhere.example'],
  };
}
