/**
 * Servers that all test files share, for speed: one PostgreSQL and one Chromium, started in jest's own process when the
 * first test file asks, over HTTP on loopback, and closed when the last test is over.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const FLAGS = JSON.parse(readFileSync(new URL('chromium-flags.json', import.meta.url), 'utf8'));
/** No name but this machine's own is known, as without internet. */
const OFFLINE = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

/** Each answers with its address once it serves. */
const STARTERS = { '/postgres': startPostgres, '/chromium': startChromium };

/** Listens for test files that ask for a server's address. */
export async function openSharedServers() {
  const running = new Map();
  const listener = createServer((request, response) => {
    const start = STARTERS[request.url];
    if (!start) return response.writeHead(404).end();
    if (!running.has(request.url)) running.set(request.url, start());
    running.get(request.url).then(
      ({ address }) => response.end(address),
      (error) => response.writeHead(500).end(String(error?.message ?? error)),
    );
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    close: async () => {
      listener.close();
      listener.closeAllConnections();
      const started = await Promise.allSettled(running.values());
      await Promise.allSettled(started.map(({ value }) => value?.close()));
    },
  };
}

async function startPostgres() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('postgres-server.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const early = ended.then(([code]) => Promise.reject(new Error(`PostgreSQL did not start: exit ${code}`)));
  early.catch(() => undefined);
  const [address] = await Promise.race([once(createInterface(child.stdout), 'line'), early]);
  return {
    address,
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

async function startChromium() {
  const executablePath = process.env.CHROMIUM;
  if (!executablePath) throw new Error('Chromium is missing. Run: npm run programs');
  const server = await chromium.launchServer({
    executablePath,
    args: [...FLAGS, `--host-resolver-rules=${OFFLINE}`],
    timeout: 0,
  });
  return { address: server.wsEndpoint(), close: () => server.close() };
}
