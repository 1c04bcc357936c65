import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Pool } from 'undici';
import { type App, startApp } from '../../src/app';
import { everyone, rememberPast } from '../../src/demo';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { configOf, EPOCH } from '../support/config';
import { comparable } from '../support/every-way';
import { AUDIENCE, createSigner, ISSUER, seconds } from '../support/tokens';

/** The accounts that are configured: each vendor's, few enough that an operation takes few calls. */
const ACCOUNTS = ['contoso', 'harbor-tea', 'harbour-cafe'];

/** Limits that no generated operation meets. */
const LIMITS = {
  cacheTtl: '0s',
  staleTtl: '0s',
  depth: 100,
  aliases: 10_000,
  directives: 10_000,
  tokens: 100_000,
  nodes: 100_000_000,
  vendorCalls: 1_000_000,
  documentBytes: 1 << 20,
  requestBytes: 4 << 20,
  operationDeadline: '120s',
  softDeadline: '100s',
  readTimeout: '90s',
};

/** Two processes' worth of the app over the same vendors, with a clock that stands still. */
export interface Stage {
  readonly emulators: Emulators;
  readonly apps: readonly [App, App];
  /** Tokens by what they allow. */
  readonly tokens: readonly string[];
  /** Sends a request; resolves with the status, the comparable body and what vendors were asked. */
  ask(app: App, token: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Asked>;
  close(): Promise<void>;
}

/** An answer, and the calls that it took. */
export interface Asked {
  readonly answer: string;
  readonly calls: string;
}

/** Starts the vendors and two apps. */
export async function startStage(): Promise<Stage> {
  const emulators = await startEmulators({ world: 'demo', epoch: EPOCH });
  const vendors = [emulators.ecwid, emulators.softwareone, emulators.wix];
  const signer = await createSigner('main');
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const jwksFile = join(folder, 'keys.json');
  writeFileSync(jwksFile, JSON.stringify({ keys: [signer.jwk] }));
  const config = configOf(emulators, {
    auth: { issuer: ISSUER, audience: AUDIENCE, jwksFile },
    limits: LIMITS,
    accounts: emulators.accounts
      .filter(({ key }) => ACCOUNTS.includes(key))
      .map((account) => ({ ...account, tenant: 'acme' })),
  });
  rmSync(folder, { recursive: true });
  const log = pino({ level: 'silent' });
  const now = emulators.clock.now();
  const start = async (): Promise<App> => {
    const app = await startApp({ config, log, viewer: everyone, clock: () => now });
    await rememberPast(app.ledger, emulators);
    return app;
  };
  const apps = [await start(), await start()] as const;
  const pools = new Map(apps.map((app) => [app, new Pool(new URL(app.url).origin, { connections: 4 })]));
  const claims = [{}, {}, {}, { scope: 'staff:read' }, { scope: 'invites:send' }, { accounts: ['contoso'] }];
  const tokens = await Promise.all(claims.map((more) => signer.sign({ exp: seconds(86_400), ...more })));

  return {
    emulators,
    apps,
    tokens,
    ask: async (app, token, body, headers = {}) => {
      for (const vendor of vendors) vendor.forgetRequests();
      const response = await pools.get(app)?.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
        body: JSON.stringify(body),
      });
      const text = await response?.body.text();
      const calls = vendors.flatMap(({ requests }) =>
        requests.map((seen) => `${seen.method} ${seen.path}?${seen.query} ${seen.body}`),
      );
      return { answer: `${response?.statusCode} ${comparable(text ?? '')}`, calls: calls.sort().join('\n') };
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      await Promise.all(apps.map((app) => app.close()));
      await emulators.close();
    },
  };
}
