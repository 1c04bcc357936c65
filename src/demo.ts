import { type App, startApp } from './app';
import { readConfig } from './config';
import { type Emulators, startEmulators } from './emulators/start';
import type { Ledger } from './ledger/ledger';
import type { Logger } from './log';
import { toMembership } from './vendors/ecwid/mapper';
import { readStaffList } from './vendors/ecwid/wire';
import { answered, toUnreadableInvite } from './vendors/wix/mapper';
import { readInviteAnswer } from './vendors/wix/wire';

/** The demo: three emulated vendors on loopback, a subgraph over them, and nothing kept. */
export interface Demo extends App {
  readonly emulators: Emulators;
}

/** The demo's viewer: sees everything. */
export const everyone = { tenant: null, accounts: null, subject: null, scopes: 'ALL' } as const;

const SANDBOX_ORIGINS = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

const EXAMPLE =
  '{ staffMembers(first: 5) { nodes { name email status account { id } invite { id status } } } }';

/** Starts the demo: no file, no credential, no network. */
export async function startDemo(
  log: Logger,
  flags: {
    host?: string | undefined;
    port?: string | undefined;
    corsOrigins?: readonly string[];
    traced?: boolean;
  },
): Promise<Demo> {
  log.info('starting the demo: emulators of Ecwid, SoftwareOne and Wix, then the subgraph');
  const emulators = await startEmulators();
  const config = readConfig(
    {
      server: {
        host: flags.host ?? 'localhost',
        port: flags.port ?? 4000,
        corsOrigins: [...SANDBOX_ORIGINS, ...(flags.corsOrigins ?? [])],
      },
      storage: 'memory:',
      vendors: emulators.vendors,
      accounts: emulators.accounts,
    },
    { env: {}, folder: '.', demo: true },
  );
  try {
    const app = await startApp({
      config,
      log,
      viewer: everyone,
      clock: () => emulators.clock.now(),
      // A frontend under development is served from some port of this machine.
      loopbackOrigins: true,
      traced: flags.traced ?? false,
    });
    await rememberPast(app.ledger, emulators);
    return {
      ...app,
      emulators,
      close: async () => {
        await app.close();
        await emulators.close();
      },
    };
  } catch (error) {
    await emulators.close();
    throw error;
  }
}

/** What a newcomer needs to begin: addresses, and a first query. */
export const welcome = ({ url, emulators }: Demo) => ({
  endpoint: url,
  token: 'none is needed here: the demo viewer sees everything',
  emulators: Object.fromEntries(
    Object.entries(emulators.vendors).map(([vendor, { baseUrl }]) => [vendor, baseUrl]),
  ),
  example: `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify({ query: EXAMPLE })}'`,
});

/** Invites that this API is taken to have sent and withdrawn before: their vendors cannot be asked for them. */
export async function rememberPast({ remembered }: Ledger, { remembered: past }: Emulators): Promise<void> {
  for (const { account, invite } of past.wix) {
    const answer = readInviteAnswer({ invite });
    if (answer) await remembered.remember(answered(toUnreadableInvite(account, invite.id), answer));
  }
  for (const { account, row } of past.ecwidRevoked) {
    const [read] = readStaffList({ staffList: [row] }) ?? [];
    const invite = read && toMembership(account, read)?.invite;
    if (invite) await remembered.remember({ ...invite, status: 'REVOKED' });
  }
}
