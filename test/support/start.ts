import { pino } from 'pino';
import type { Viewer } from '../../src/accounts';
import { type App, startApp } from '../../src/app';
import type { Config } from '../../src/config';
import { everyone, rememberPast } from '../../src/demo';
import {
  type EmulatorOptions,
  type Emulators,
  type SeenRequest,
  startEmulators,
} from '../../src/emulators/start';
import type { Mutation, Query } from '../../src/generated/graphql';
import { configOf, EPOCH } from './config';

export { EPOCH } from './config';

/** Limits under which every question reaches its vendor. */
export const UNCACHED = { cacheTtl: '0s', staleTtl: '0s' } as const;

/** What a test wants different from the demo. */
export interface RollcallOptions {
  /** Who asks; sees everything unless given. */
  readonly viewer?: Viewer;
  /** As under `limits:` in rollcall.yaml. */
  readonly limits?: Readonly<Record<string, string | number>>;
  readonly world?: EmulatorOptions['world'];
  /** As `storage:` in rollcall.yaml; in memory unless given. */
  readonly storage?: string;
  /** As `redis:` in rollcall.yaml; none unless given. */
  readonly redis?: string;
  /** Vendors that run already, so that several apps share them; they are not closed with this app. */
  readonly emulators?: Emulators;
}

/** What came back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Typed as the whole schema, though only what was selected is there. */
  readonly data: (Query & Mutation) | null;
  readonly errors: readonly AnswerError[];
}

/** One entry of `errors`. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The real app over the real emulators, both on loopback. */
export interface Rollcall {
  readonly emulators: Emulators;
  readonly app: App;
  readonly config: Config;
  /** Asks over HTTP. */
  query(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** What the three vendors saw since they were last told to forget. */
  vendorRequests(): readonly SeenRequest[];
  /** Makes the vendors forget what they saw. */
  forgetRequests(): void;
  /** Everything that was logged, as JSON lines. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

/** Starts the vendors and the app, with the past that the demo has. */
export async function startRollcall(options: RollcallOptions = {}): Promise<Rollcall> {
  const { viewer = everyone, limits = {}, world = 'demo', storage = 'memory:', redis } = options;
  const emulators = options.emulators ?? (await startEmulators({ world, epoch: EPOCH }));
  const vendors = [emulators.ecwid, emulators.softwareone, emulators.wix];
  const config = configOf(emulators, { limits, storage, ...(redis === undefined ? {} : { redis }) });
  const logged: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void logged.push(line) });
  const app = await startApp({ config, log, viewer, clock: () => emulators.clock.now() });
  await rememberPast(app.ledger, emulators);

  return {
    emulators,
    app,
    config,
    logged,
    query: (document, variables = {}, headers = {}) => post(app.url, { query: document, variables }, headers),
    vendorRequests: () => vendors.flatMap(({ requests }) => requests),
    forgetRequests: () => {
      for (const vendor of vendors) vendor.forgetRequests();
    },
    close: async () => {
      await app.close();
      if (!options.emulators) await emulators.close();
    },
  };
}

async function post(url: string, body: object, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const { data = null, errors = [] } = (await response.json()) as Partial<Pick<Answer, 'data' | 'errors'>>;
  return { status: response.status, headers: response.headers, data, errors };
}
