import { type Agent, request } from 'node:http';
import { type PlannedWrite, planWrites, worldSizeFor } from '../support/planned-writes';
import { isSentFor, isWriteRequest, observeWrites } from '../support/observed-writes';
import { createRandom } from '../support/random';
import { at } from '../support/at';
import { type Balancer, openBalancer } from '../support/balancer';
import { openPostgres, type TestPostgres } from '../support/postgres';
import { type OwnRedis, startRedis } from '../support/redis';
import { type Another, type Served, startServed } from '../support/served';
import type { SeenRequest } from '../../src/emulators/start';

/** What a client of the balancer was told, and over which of its own ports. */
export interface Told {
  readonly data: unknown;
  readonly problem: string | null;
  readonly clientPort: number;
  /** Whether there was an answer at all. */
  readonly answered: boolean;
}

/** How a client asks. */
export interface Way {
  /** Whether kept answers will not do. */
  readonly fresh?: boolean;
  /** Its pool of connections; without one, each request has a connection of its own. */
  readonly agent?: Agent | undefined;
  /** Hears over which of the client's ports it goes, before there is an answer. */
  readonly onPort?: (clientPort: number) => void;
}

/** Pending invites of each account that may be sent again. */
export const PENDING = 30;
const ACCOUNTS = 8;
/** More than a test sends to one account, unless it sends to all of its invites. */
export const EMAILS_PER_HOUR = 25;

/** Three replicas with one PostgreSQL and one Redis behind a balancer. */
export interface Three {
  readonly served: Served;
  readonly redis: OwnRedis;
  readonly balancer: Balancer;
  /** Those that run; a test takes out whom it ends, and puts in whom it starts. */
  replicas: Another[];
  /** Every pending invite of the world, each to be sent again. */
  readonly writes: readonly PlannedWrite[];
  /** Asks over the balancer: over a connection of its own, or one of a pool. */
  ask(query: string, variables: object, way?: Way): Promise<Told>;
  write(write: Pick<PlannedWrite, 'document' | 'input'>, way?: Way): Promise<WriteTold>;
  /** How an account answers a list. */
  source(account: string, way?: Way): Promise<SourceTold>;
  /** Hands connections to all that run. */
  useAll(): void;
  close(): Promise<void>;
}

/** How a write ended; `end` is the outcome and the code, or why there is none. */
export interface WriteTold extends Told {
  readonly end: string;
  readonly attempt: unknown;
}

/** How an account answered a list; `end` is its state and code, or why there is none. */
export interface SourceTold extends Told {
  readonly end: string;
  readonly asOf: unknown;
  readonly retryAt: unknown;
}

export const STAFF = `query ($account: ID!) {
  staffMembers(first: 1, filter: { accountIds: [$account] }) { nodes { id } sources { state code asOf retryAt } }
}`;
export const CONNECTION = `query ($account: ID!) { account(id: $account) { connection { state retryAt } } }`;

/** The port on which a replica serves. */
export const portOf = ({ url }: Pick<Another, 'url'>): number => Number(new URL(url).port);

/** Starts all of it. A machine that is busy is slow, not wrong: deadlines are long. */
export async function startThree(): Promise<Three> {
  const [postgres, redis, balancer] = await Promise.all([openPostgres(), startRedis(), openBalancer()]);
  const scale = worldSizeFor(3 * ACCOUNTS * PENDING, PENDING);
  const served = await startServed({
    storage: await postgres.database(),
    redis: redis.url,
    world: scale,
    server: { drainDelay: '1s' },
    limits: {
      cacheTtl: '1h',
      staleTtl: '1h',
      emailsPerAccountPerHour: EMAILS_PER_HOUR,
      softDeadline: '10s',
      readTimeout: '10s',
      writeTimeout: '10s',
      operationDeadline: '14s',
    },
  });
  const mix = { verbs: ['RESEND'], refused: 0 } as const;
  const writes = planWrites(served.emulators, scale, 3 * ACCOUNTS * PENDING, mix, createRandom(1));
  const replicas = [served, ...(await Promise.all([served.another(), served.another()]))];
  return stageOf({ served, redis, balancer, postgres, writes, replicas });
}

function stageOf(
  parts: Pick<Three, 'served' | 'redis' | 'balancer' | 'writes'> & {
    readonly postgres: TestPostgres;
    readonly replicas: Another[];
  },
): Three {
  const { served, redis, balancer, postgres, writes } = parts;
  const ask: Three['ask'] = (query, variables, way = {}) =>
    post(balancer.port, JSON.stringify({ query, variables }), way, {
      authorization: `Bearer ${served.token}`,
      ...(way.fresh === true ? { 'cache-control': 'no-cache' } : {}),
    });
  const three: Three = {
    served,
    redis,
    balancer,
    writes,
    replicas: parts.replicas,
    ask,
    write: async ({ document, input }, way) => {
      const told = await ask(document, { input }, way);
      const code = at(told.data, 'write.userErrors.0.code') as string | undefined;
      const end = told.problem ?? [at(told.data, 'write.outcome'), code].join(' ').trim();
      return { ...told, end, attempt: at(told.data, 'write.attempt.id') };
    },
    source: async (account, way) => {
      const told = await ask(STAFF, { account }, way);
      const source = (name: string): unknown => at(told.data, `staffMembers.sources.0.${name}`);
      const end = told.problem ?? [source('state'), source('code')].join(' ').trim();
      return { ...told, end, asOf: source('asOf'), retryAt: source('retryAt') };
    },
    useAll: () => {
      balancer.use(three.replicas.map(portOf));
    },
    close: async () => {
      await served.close();
      await Promise.all([balancer.close(), redis.close(), postgres.close()]);
    },
  };
  three.useAll();
  return three;
}

function post(
  port: number,
  body: string,
  { agent, onPort }: Way,
  headers: Readonly<Record<string, string>>,
): Promise<Told> {
  return new Promise((resolve) => {
    let clientPort = 0;
    const fail = (error: Error): void => {
      resolve({ data: null, problem: String(error), clientPort, answered: false });
    };
    const asked = request({
      port,
      host: '127.0.0.1',
      path: '/graphql',
      method: 'POST',
      agent: agent ?? false,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    asked.on('error', fail).on('socket', (socket) => {
      const note = (): void => {
        clientPort = socket.localPort ?? 0;
        onPort?.(clientPort);
      };
      if (socket.connecting) socket.once('connect', note);
      else note();
    });
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', fail);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ ...readAnswer(response.statusCode ?? 0, text), clientPort, answered: true });
      });
    });
    asked.end(body);
  });
}

function readAnswer(status: number, text: string): Pick<Told, 'data' | 'problem'> {
  const { data = null, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
  return { data, problem: status === 200 && !errors ? null : `${status} ${JSON.stringify(errors)}` };
}

/** What the vendor of an account saw of it, in order. */
export function seenOf({ served: { emulators } }: Three, key: string): SeenRequest[] {
  const account = emulators.accounts.find((each) => each.key === key);
  if (!account) throw new Error(`no account ${key}`);
  return emulators[account.vendor].requests.filter((request) => isSentFor(account, request));
}

/** How often the vendor of an account was asked for a write. */
export const writesSeen = (three: Three, key: string): number =>
  seenOf(three, key).filter((request) => isWriteRequest(key.split('-')[0] as 'ecwid', request)).length;

/** The pending invites of one account, each as a write under its own key. */
export const writesTo = ({ writes }: Three, account: string): PlannedWrite[] =>
  writes.filter((write) => write.account.key === account);

/** The same write, without its key. */
export const withoutKey = (write: PlannedWrite): PlannedWrite => ({
  ...write,
  input: { ...write.input, idempotencyKey: null },
});

/** What vendors saw of some writes, as `writes/mails` for each. */
export function sightsOf({ served }: Three, writes: readonly PlannedWrite[]): string[] {
  const sights = observeWrites(served.emulators, writes);
  return writes.map((write) => {
    const { writes: posts, mails } = sights.of(write);
    return `${posts}/${mails}`;
  });
}

/** How many of each there are. */
export function counted(all: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of all) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
}

/** As many as wanted, all at once. */
export const crowd = <T>(size: number, each: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: size }, (_, index) => each(index)));
