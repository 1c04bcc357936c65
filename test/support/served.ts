import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config';
import { rememberPast } from '../../src/demo';
import {
  type EmulatorOptions,
  type Emulators,
  type SeenRequest,
  startEmulators,
} from '../../src/emulators/start';
import { openLedger } from '../../src/ledger/ledger';
import { PATIENT_LIMITS } from './config';
import { type RunningProcess, startProcess } from './process';
import { type Asking, readReply, type Reply } from './secured';
import { AUDIENCE, type Claims, createSigner, ISSUER, seconds, type Signer } from './tokens';

/** What a test wants different. */
export interface ServedOptions {
  /** As under `server:`, `auth:` and `limits:` in rollcall.yaml. */
  readonly server?: Claims;
  readonly auth?: Claims;
  readonly limits?: Claims;
  /** As `redis:` in rollcall.yaml; none unless given. */
  readonly redis?: string;
  /** As `storage:` in rollcall.yaml; a file unless given. */
  readonly storage?: string;
  /** What the vendors hold; the demo's world unless given. */
  readonly world?: EmulatorOptions['world'];
  readonly env?: Readonly<Record<string, string>>;
  /** Files for `--require`. */
  readonly preload?: readonly string[];
  /** More of the command line. */
  readonly args?: readonly string[];
}

/** The real program in a process of its own, behind tokens and over the real emulators, with a ledger in a file. */
export interface Served {
  readonly emulators: Emulators;
  readonly signer: Signer;
  /** Where its configuration file is; the ledger's file stands beside it. */
  readonly folder: string;
  /** A good token, used unless a request brings its own. */
  readonly token: string;
  /** The process that runs now, and its GraphQL endpoint. */
  readonly process: RunningProcess;
  readonly url: string;
  ask(query: string, asking?: Asking): Promise<Reply>;
  /** A bare request to any path. */
  get(path: string, init?: RequestInit): Promise<Reply>;
  /** Starts the program once more over the same file, after it has ended. */
  restart(options?: Pick<ServedOptions, 'env' | 'preload' | 'args'>): Promise<void>;
  /** Starts the program beside it, over the same file; asked like the first one. */
  another(options?: Pick<ServedOptions, 'env' | 'preload'>): Promise<Another>;
  vendorCalls(): readonly SeenRequest[];
  close(): Promise<void>;
}

/** One more process over the same file, which ends with the others unless a test ends it. */
export type Another = Pick<Served, 'process' | 'url' | 'ask' | 'get'>;

/** The ledger's file in a configuration's folder. */
export const LEDGER_FILE = 'ledger.db';

/** Starts the vendors, then the program, with the past that the demo has. */
export async function startServed(options: ServedOptions = {}): Promise<Served> {
  const { world = 'demo' } = options;
  const [emulators, signer] = await Promise.all([startEmulators({ world }), createSigner('main')]);
  const { vendors, accounts } = emulators;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-served-'));
  const { storage = `sqlite:./${LEDGER_FILE}` } = options;
  await bringPast(emulators, folder, storage);
  const file = join(folder, 'rollcall.yaml');
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
  writeFileSync(
    file,
    // JSON is YAML.
    JSON.stringify({
      server: { host: '127.0.0.1', port: 0, ...options.server },
      auth: { issuer: ISSUER, audience: AUDIENCE, jwksFile: 'keys.json', ...options.auth },
      limits: { ...PATIENT_LIMITS, cacheTtl: '0s', staleTtl: '0s', ...options.limits },
      storage,
      ...(options.redis === undefined ? {} : { redis: options.redis }),
      vendors,
      accounts,
    }),
  );
  // All accounts of a world made to measure are one tenant's.
  const whose = world === 'demo' ? {} : { tenant: accounts[0]?.tenant };
  const token = await signer.sign({ exp: seconds(3600), ...whose });
  const start = async (given: Pick<ServedOptions, 'env' | 'preload' | 'args'>) => {
    const started = startProcess(['--config', file, ...(given.args ?? [])], given);
    const { url } = await started.logged({ msg: 'ready' });
    return { process: started, url: String(url) };
  };
  let running = await start(options);

  const others: RunningProcess[] = [];
  const callsTo = (url: () => string): Pick<Served, 'ask' | 'get'> => {
    const get: Served['get'] = async (path, init = {}) => readReply(await fetch(new URL(path, url()), init));
    return {
      get,
      ask: (query, { token: given = token, variables = {}, headers = {} } = {}) =>
        get('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${given}`, ...headers },
          body: JSON.stringify({ query, variables }),
        }),
    };
  };
  return {
    emulators,
    signer,
    folder,
    token,
    get process() {
      return running.process;
    },
    get url() {
      return running.url;
    },
    ...callsTo(() => running.url),
    another: async (given = options) => {
      const { process, url } = await start(given);
      others.push(process);
      return { process, url, ...callsTo(() => url) };
    },
    restart: async (given = options) => {
      await running.process.ended;
      running = await start(given);
    },
    vendorCalls: () =>
      [emulators.ecwid, emulators.softwareone, emulators.wix].flatMap((each) => each.requests),
    close: async () => {
      for (const each of [running.process, ...others]) {
        each.signal('SIGKILL');
        await each.ended;
      }
      await emulators.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the demo's API is taken to have done earlier, put into the ledger before the program opens it. */
async function bringPast(emulators: Emulators, folder: string, storage: string): Promise<void> {
  const { vendors, accounts } = emulators;
  const config = readConfig({ vendors, accounts, storage }, { env: {}, folder, demo: true });
  const ledger = await openLedger(config.storage, config.limits, Date.now);
  await rememberPast(ledger, emulators);
  await ledger.close();
}
