import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import type { Emulators, VendorName } from '../../src/emulators/start';

/** An address that something stands behind until it is closed. */
export interface Door {
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** A door that keeps a vendor's answers back until it is told to let them through. */
export interface HoldingDoor extends Door {
  /** Lets through what was held, and holds nothing more. */
  release(): void;
}

/** The same vendors, one of them behind a door. */
export const behind = (emulators: Emulators, vendor: VendorName, baseUrl: string): Emulators => ({
  ...emulators,
  vendors: { ...emulators.vendors, [vendor]: { baseUrl } },
});

/** Leads to a vendor, who carries everything out at once; what is answered to these methods comes when it is released. */
export async function openHoldingDoor(vendorUrl: string, methods: readonly string[]): Promise<HoldingDoor> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const door = await opened(
    forwarding(vendorUrl, ({ method = '' }) => (methods.includes(method) ? released : null)),
    'http',
    new URL(vendorUrl).pathname,
  );
  const close = async (): Promise<void> => {
    release();
    await door.close();
  };
  return { ...door, close, release };
}

/** Leads to a vendor for one request, and shuts before it is answered: whatever comes next finds nobody. */
export async function openClosingDoor(vendorUrl: string): Promise<Door> {
  const server = forwarding(vendorUrl, () => {
    server.close();
    return null;
  });
  return opened(server, 'http', new URL(vendorUrl).pathname);
}

/** Takes connections and says nothing, ever: not even the first word of TLS. */
export const openSilentDoor = (): Promise<Door> => opened(createSocketServer(), 'https');

/** An address at which nobody listens. */
export async function closedDoor(): Promise<string> {
  const { baseUrl, close } = await opened(createSocketServer(), 'http');
  await close();
  return baseUrl;
}

/** Passes everything on; an answer waits for what `before` says. */
function forwarding(vendorUrl: string, before: (asked: IncomingMessage) => Promise<void> | null): Server {
  const { origin } = new URL(vendorUrl);
  return createServer((asked, answer) => {
    const { method, headers, url = '/' } = asked;
    const forward = request(`${origin}${url}`, { method, headers }, (got) => {
      const pass = (): void => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      };
      const wait = before(asked);
      if (wait) void wait.then(pass);
      else pass();
    });
    asked.pipe(forward);
  });
}

async function opened(server: Server | SocketServer, scheme: string, path = ''): Promise<Door> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket: { destroy(): void }) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `${scheme}://127.0.0.1:${port}${path.replace(/\/$/, '')}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}
