import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '../support/wait-for';
import { answers, deskFolder, freePort } from './invite-desk/stage';

/** What runs, so that no test leaves something behind. */
const running: ChildProcess[] = [];

afterEach(endAll);

function endAll(): void {
  for (const child of running.splice(0)) child.kill('SIGKILL');
}

/** Starts the command of the README with some flags, and waits until it says where the desk is. */
async function start(flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(deskFolder, 'start.mjs'), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += String(text)));
  await waitFor(() => {
    if (child.exitCode !== null) throw new Error(said);
    return said.includes('Invite desk:');
  });
  return { child, said: () => said };
}

const ask = (address: string, query: string) =>
  fetch(`${address}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  }).then((response) => response.json());

describe('npm run invite-desk', () => {
  it('starts a demo and the invite desk, and stops both', async () => {
    const [port, appPort] = [await freePort(), await freePort()];
    const { child, said } = await start(['--port', String(port), '--app-port', String(appPort)]);
    const address = `http://localhost:${appPort}/`;
    expect(said()).toContain(`Rollcall: http://localhost:${port}/graphql`);
    expect(said()).toContain(`Invite desk: ${address}`);
    expect(await fetch(address).then((page) => page.text())).toContain('<title>Invite desk</title>');
    expect(await ask(address, '{ account(id: "contoso") { vendor } }')).toEqual({
      data: { account: { vendor: 'SOFTWAREONE' } },
    });

    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(0);
    await waitFor(
      async () => !(await answers(address)) && !(await answers(`http://localhost:${port}/healthz`)),
    );
  });

  it('proxies to a running endpoint, with a token that the browser never gets', async () => {
    const seen: unknown[] = [];
    const endpoint = createServer((request, response) => {
      seen.push([request.method, request.url, request.headers.authorization]);
      response.setHeader('content-type', 'application/json').end('{"data":{"from":"elsewhere"}}');
    }).listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const { port } = endpoint.address() as AddressInfo;
    const appPort = await freePort();
    const flags = ['--endpoint', `http://127.0.0.1:${port}/federated?x=1`, '--app-port', String(appPort)];
    const { said } = await start(flags, { ROLLCALL_TOKEN: 'seen-by-no-browser' });
    try {
      expect(said()).not.toContain('emulated');
      expect(await ask(`http://localhost:${appPort}/`, '{ __typename }')).toEqual({
        data: { from: 'elsewhere' },
      });
      expect(seen).toEqual([['POST', '/federated?x=1', 'Bearer seen-by-no-browser']]);
      const assets = join(deskFolder, 'dist', 'assets');
      for (const file of readdirSync(assets))
        expect(readFileSync(join(assets, file), 'utf8')).not.toContain('seen-by-no-browser');
    } finally {
      endpoint.close();
    }
  });

  it('reports that a port is in use, and leaves nothing running', async () => {
    const taken = createServer().listen(0, 'localhost');
    await once(taken, 'listening');
    const { port: appPort } = taken.address() as AddressInfo;
    const port = await freePort();
    try {
      await expect(start(['--port', String(port), '--app-port', String(appPort)])).rejects.toThrow(
        `Port ${appPort} is already in use`,
      );
      await waitFor(async () => !(await answers(`http://localhost:${port}/healthz`)));
    } finally {
      taken.close();
    }
  });
});
