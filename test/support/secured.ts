import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type App, startApp } from '../../src/app';
import { everyone, rememberPast } from '../../src/demo';
import {
  type DemoAccount,
  type EmulatorOptions,
  type Emulators,
  type SeenRequest,
  startEmulators,
} from '../../src/emulators/start';
import { configOf, EPOCH } from './config';
import type { AnswerError } from './start';
import { AUDIENCE, type Claims, createSigner, ISSUER, type Signer } from './tokens';

/** What a test wants different. */
export interface SecuredOptions {
  /** As under `server:`, `auth:` and `limits:` in rollcall.yaml. */
  readonly server?: Claims;
  readonly auth?: Claims;
  readonly limits?: Claims;
  readonly world?: EmulatorOptions['world'];
  /** The accounts to configure; all that the vendors have unless given. */
  readonly accounts?: (accounts: readonly DemoAccount[]) => DemoAccount[];
}

/** What came back, as it was and as far as it is JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: unknown;
  readonly errors: readonly AnswerError[];
  /** The codes of `errors`, in order. */
  readonly codes: readonly unknown[];
}

/** How a request is made; a `token` becomes a bearer token. */
export interface Asking {
  readonly token?: string;
  readonly variables?: Claims;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The real app behind tokens, over the real emulators. */
export interface Secured {
  readonly app: App;
  readonly emulators: Emulators;
  readonly signer: Signer;
  readonly logged: readonly string[];
  ask(query: string, asking?: Asking): Promise<Reply>;
  /** Any request to the endpoint; `path` is what follows its address. */
  send(init: RequestInit, path?: string): Promise<Reply>;
  /** What the vendors saw. */
  vendorCalls(): readonly SeenRequest[];
  forgetCalls(): void;
  close(): Promise<void>;
}

/** Starts the vendors and the app with `auth`: a key set in a file, unless `auth.jwksUri` says otherwise. */
export async function startSecured(options: SecuredOptions = {}): Promise<Secured> {
  const emulators = await startEmulators({ world: options.world ?? 'demo', epoch: EPOCH });
  const vendors = [emulators.ecwid, emulators.softwareone, emulators.wix];
  const signer = await createSigner('main');
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const jwksFile = join(folder, 'keys.json');
  writeFileSync(jwksFile, JSON.stringify({ keys: [signer.jwk] }));
  const config = configOf(emulators, {
    server: { host: '127.0.0.1', port: 0, ...options.server },
    auth: {
      issuer: ISSUER,
      audience: AUDIENCE,
      ...(options.auth?.['jwksUri'] === undefined ? { jwksFile } : {}),
      ...options.auth,
    },
    limits: { ...options.limits },
    accounts: options.accounts?.(emulators.accounts) ?? emulators.accounts,
  });
  rmSync(folder, { recursive: true });
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const app = await startApp({ config, log, viewer: everyone, clock: () => emulators.clock.now() });
  await rememberPast(app.ledger, emulators);
  const send = async (init: RequestInit, path = ''): Promise<Reply> =>
    readReply(await fetch(app.url + path, init));
  return {
    app,
    emulators,
    signer,
    logged,
    send,
    ask: (query, { token, variables = {}, headers = {} } = {}) =>
      send({
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      }),
    vendorCalls: () => vendors.flatMap(({ requests }) => requests),
    forgetCalls: () => {
      for (const vendor of vendors) vendor.forgetRequests();
    },
    close: async () => {
      await app.close();
      await emulators.close();
    },
  };
}

/** Reads an answer to its end. */
export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const { data = null, errors = [] } = readJson(text);
  const codes = errors.map(({ extensions }) => extensions?.['code']);
  return { status: response.status, headers: response.headers, text, data, errors, codes };
}

function readJson(text: string): { data?: unknown; errors?: AnswerError[] } {
  try {
    return JSON.parse(text) as { data?: unknown; errors?: AnswerError[] };
  } catch {
    return {};
  }
}
