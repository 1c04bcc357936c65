import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer } from 'node:tls';

/** An address where a vendor ought to be and is not. */
export interface Host {
  readonly baseUrl: string;
  /** How many connections were made to it; null where nobody can count them. */
  readonly connections: number | null;
  /** All that was said to it in the clear. */
  readonly heard: string;
  close(): Promise<void>;
}

/** An address at which nobody listens. */
export async function closedPort(): Promise<Host> {
  const host = await listening(createServer(), 'http');
  await host.close();
  return { ...host, connections: null, close: () => Promise.resolve() };
}

/** A name that no name server knows. */
export const unknownName = (): Promise<Host> =>
  Promise.resolve({
    baseUrl: 'https://vendor.invalid',
    connections: null,
    heard: '',
    close: () => Promise.resolve(),
  });

/** Speaks plain HTTP where TLS is expected. */
export function plainHost(): Promise<Host> {
  const server = createServer((socket) => {
    socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  return listening(server, 'https');
}

/** Speaks TLS with a certificate that nobody has vouched for. */
export const selfSignedHost = (): Promise<Host> =>
  listening(
    createTlsServer({ key: KEY, cert: CERTIFICATE }, (socket) => socket.resume()),
    'https',
  );

/** Hangs up on whoever connects. */
export const hangingUpHost = (): Promise<Host> =>
  listening(
    createServer((socket) => socket.destroy()),
    'http',
  );

/** Takes no connection and refuses none: its queue is full, and nobody works through it. */
export async function deafHost(): Promise<Host> {
  const child = spawn(process.execPath, [join(__dirname, 'deaf-host.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const port = Number(line);
  const queue: Socket[] = [];
  for (let taken = true; taken && queue.length < 16;) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    queue.push(socket);
    taken = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((resolve) => {
        // A busy process comes to its timers before it reads what has long arrived.
        setTimeout(
          () =>
            setImmediate(() => {
              resolve(socket.readyState === 'open');
            }),
          300,
        );
      }),
    ]);
  }
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    connections: null,
    heard: '',
    close: async () => {
      for (const socket of queue) socket.destroy();
      await ended(child);
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function listening(server: Server, scheme: 'http' | 'https'): Promise<Host> {
  const sockets = new Set<Socket>();
  const heard: Buffer[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => heard.push(chunk));
  });
  // A handshake that the other side breaks off is what these hosts are for.
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `${scheme}://127.0.0.1:${port}`,
    get connections() {
      return sockets.size;
    },
    get heard() {
      return Buffer.concat(heard).toString('latin1');
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

// For 127.0.0.1, signed by itself: it guards nothing.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgx+XGa4PZ0PodUM1A
Cac6qCeaJS/dWWyIXwV/USgv5OGhRANCAASzXHpWBlPRDpYpx5/vSjV9zQBMC/EP
AElOgyAwcEU+2JHdMpdZK0868/2VyGuGVfBl2g5z6kZYFo57UhJEQP6y
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUE0vTbMWB26Ps0hBTh3VFX2ckvx8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMTIzNDYyN1oYDzIxMjYxMDI4
MjM0NjI3WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASzXHpWBlPRDpYpx5/vSjV9zQBMC/EPAElOgyAwcEU+2JHdMpdZK086
8/2VyGuGVfBl2g5z6kZYFo57UhJEQP6yo2QwYjAdBgNVHQ4EFgQU6afNewtpJNdH
F6z4IR4dT/jOiMMwHwYDVR0jBBgwFoAU6afNewtpJNdHF6z4IR4dT/jOiMMwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IC99GKGZG/S5FuzZxwciGaiIaaVpu0ccrg8uHfO4kKZjAiEA7kp9gN0cCYeddl3l
hBnaZxHPHPvH6ssuNBBK8cI0TGY=
-----END CERTIFICATE-----`;
