/**
 * Rollcall, a second subgraph and a gateway over both, until Ctrl-C.
 *
 *   npm run supergraph -- [--port 4000] [--gateway hive | apollo]
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, UsageError, wholeNumber } from '../../src/cli/command-line.ts';
import { compose, introspect, withoutScopes } from './compose.ts';
import { createIdentity } from './identity.ts';
import { createProcesses } from './processes.ts';

const { flags, gatewayCommand } = readCommandLine(
  {
    usage: `Usage: npm run supergraph -- [options]

Starts Rollcall, a second subgraph and a gateway over both, until Ctrl-C.

  --port PORT           the gateway's port; default: 4000
  --gateway NAME        hive (default) or apollo
  --cors-origin ORIGIN  lets pages of this origin call, beside those of this machine; may be repeated
  -h, --help            prints this
  -v, --version         prints the version`,
    options: {
      port: { type: 'string', default: '4000' },
      gateway: { type: 'string', default: 'hive' },
      'cors-origin': { type: 'string', multiple: true, default: [] },
    },
  },
  ({ values }) => {
    wholeNumber('port', values.port, 0, 65_535);
    const command = gateways(values.port)[values.gateway];
    if (!command) throw new UsageError('--gateway must be hive or apollo.');
    return { flags: values, gatewayCommand: command };
  },
);

/** How each gateway is started. */
function gateways(port: string): Readonly<Record<string, (supergraph: string) => string[]>> {
  return {
    hive: (supergraph) => [
      'node_modules/@graphql-hive/gateway/dist/bin.js',
      ...['supergraph', supergraph, '--config-path', 'gateway.config.ts'],
      ...['--host', '127.0.0.1', '--port', port],
    ],
    apollo: (supergraph) => [
      ...['--import', 'tsx', 'apollo-gateway.ts'],
      ...['--supergraph', supergraph, '--port', port],
    ],
  };
}

/** Everything that is made for this run: keys, supergraph, database. */
const folder = mkdtempSync(join(tmpdir(), 'rollcall-supergraph-'));
const inFolder = (name: string) => join(folder, name);
const say = (line: string) => process.stderr.write(`supergraph: ${line}\n`);

const processes = createProcesses((reason) => {
  const isTaken = reason.includes('EADDRINUSE');
  void stop(1, isTaken ? `port ${flags.port} is in use; choose another with --port` : reason);
});
process.on('SIGINT', () => void stop(0, 'stopping'));
process.on('SIGTERM', () => void stop(0, 'stopping'));

let stopping = false;
async function stop(code: number, reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  say(reason);
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

async function start(gatewayArgs: (supergraph: string) => string[]): Promise<void> {
  const ROUTER_SECRET = randomBytes(24).toString('base64url');
  const identity = await createIdentity();
  writeFileSync(inFolder('jwks.json'), JSON.stringify(identity.keySet));

  say('emulated vendors …');
  const vendors = await processes.start(
    { name: 'the emulators', args: ['../../dist/emulators/main.js', '--print-config'] },
    (printed) => /^vendors:\n[^]*token: .*\n$/m.exec(printed)?.[0],
  );
  const settings = readFileSync(new URL('./rollcall.yaml', import.meta.url), 'utf8');
  writeFileSync(inFolder('rollcall.yaml'), `${settings}\n${vendors}`);

  say('Rollcall and desk …');
  const [rollcall, desk] = await Promise.all([
    processes.start(
      {
        name: 'Rollcall',
        args: ['../../dist/main.js', '--config', inFolder('rollcall.yaml')],
        env: { ROUTER_SECRET, NODE_ENV: 'production' },
      },
      readyUrl,
    ),
    processes.start({ name: 'desk', args: ['--import', 'tsx', 'desk/main.ts'] }, readyUrl),
  ]);

  say('composing …');
  const subgraphs = await Promise.all([
    introspect('rollcall', rollcall, { 'router-authorization': ROUTER_SECRET }),
    introspect('desk', desk),
  ]);
  const supergraph = inFolder('supergraph.graphql');
  writeFileSync(supergraph, compose(flags.gateway === 'apollo' ? subgraphs.map(withoutScopes) : subgraphs));

  say(`the gateway (${flags.gateway}) …`);
  await processes.start(
    {
      name: 'the gateway',
      args: gatewayArgs(supergraph),
      env: {
        ROUTER_SECRET,
        CORS_ORIGINS: ['https://console.example.com', ...flags['cors-origin']].join(' '),
      },
    },
    (printed) => /Listening on/.exec(printed) ?? undefined,
  );

  tell({
    url: `http://localhost:${flags.port}/graphql`,
    token: await identity.token('staff:read invites:send'),
    readOnlyToken: await identity.token('staff:read'),
    rollcall,
    desk,
    vendors: Object.fromEntries(
      [...vendors.matchAll(/(\w+): \{ baseUrl: "([^"]+)"/g)].map(([, name, url]) => [name, url]),
    ),
  });
}

/** The address in the line by which a subgraph tells that it is ready. */
const readyUrl = (printed: string): string | undefined => /"url":"([^"]+)"/.exec(printed)?.[1];

const QUERY =
  '{ teams { name account { id name } onCall { name email status onCallNotes { text author { email } } } } }';

/** For a person at a terminal; one line of JSON for a program. */
function tell(facts: Readonly<Record<string, unknown>>): void {
  if (!process.stdout.isTTY) {
    process.stdout.write(`${JSON.stringify({ msg: 'ready', ...facts })}\n`);
    return;
  }
  const { url, token, readOnlyToken } = facts;
  process.stdout.write(`
gateway:  ${String(url)}
token:    export TOKEN=${String(token)}
          (tenant acme, may read staff and send invites)
          export READ_ONLY=${String(readOnlyToken)}
          (the same without sending)

example, across both subgraphs:
curl -s ${String(url)} -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '${JSON.stringify({ query: QUERY })}'

Ctrl-C ends everything.
`);
}

start(gatewayCommand).catch((error: unknown) =>
  stop(1, error instanceof Error ? error.message : String(error)),
);
