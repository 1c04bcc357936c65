import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createSilentServer, type Server, type Socket } from 'node:net';

/** Places to which no vendor call may ever get. */
export interface Trap {
  /** Another host, as a redirect may name it. */
  readonly url: string;
  /** Takes connections and never says a word. */
  readonly silentPort: number;
  /** Where nobody listens. */
  readonly deadPort: number;
  /** How many requests have come. */
  visits(): number;
  close(): Promise<void>;
}

/** Opens them on loopback. */
export async function openTrap(): Promise<Trap> {
  let visits = 0;
  const host = createServer((request: IncomingMessage, response) => {
    visits++;
    request.resume();
    response.end('{"success":true}');
  });
  const sockets = new Set<Socket>();
  const silent = createSilentServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
  });
  const dead = createSilentServer();
  const [port, silentPort, deadPort] = await Promise.all([host, silent, dead].map(listen));
  dead.close();
  return {
    url: `http://127.0.0.1:${port ?? 0}/redirected`,
    silentPort: silentPort ?? 0,
    deadPort: deadPort ?? 0,
    visits: () => visits,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      host.closeAllConnections();
      await Promise.all([host, silent].map((server) => once(server.close(), 'close')));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Vendor addresses at which no vendor can be reached, by what is wrong with them. */
export const unreachableVendors = ({ url, silentPort, deadPort }: Trap): Record<string, string> => ({
  'connection refused': `http://127.0.0.1:${deadPort}`,
  'name that cannot be resolved': 'https://vendor.invalid',
  'TLS to a host that has none': `https://127.0.0.1:${new URL(url).port}`,
  'TLS to a host that is silent': `https://127.0.0.1:${silentPort}`,
});
