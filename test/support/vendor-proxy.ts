import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import type { Emulators, VendorName } from '../../src/emulators/start';

/** A server in place of a vendor, or in front of one. */
export interface VendorProxy {
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** A proxy that holds the responses of a vendor until it is released. */
export interface HoldingProxy extends VendorProxy {
  /** Sends the held responses, and holds no more. */
  release(): void;
}

/** The same emulators with another address for one vendor. */
export const withVendorAt = (emulators: Emulators, vendor: VendorName, baseUrl: string): Emulators => ({
  ...emulators,
  vendors: { ...emulators.vendors, [vendor]: { baseUrl } },
});

/** Forwards each request at once, and holds the responses to these HTTP methods until it is released. */
export async function openHoldingProxy(vendorUrl: string, methods: readonly string[]): Promise<HoldingProxy> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const door = await listen(
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

/** Forwards one request and stops listening before its response: later connections are refused. */
export async function openOneRequestProxy(vendorUrl: string): Promise<VendorProxy> {
  const server = forwarding(vendorUrl, () => {
    server.close();
    return null;
  });
  return listen(server, 'http', new URL(vendorUrl).pathname);
}

/** Accepts connections and never sends a byte, not even of a TLS handshake. */
export const openSilentServer = (): Promise<VendorProxy> => listen(createSocketServer(), 'https');

/** An address of this machine on which no server listens. */
export async function unusedAddress(): Promise<string> {
  const { baseUrl, close } = await listen(createSocketServer(), 'http');
  await close();
  return baseUrl;
}

/** Forwards all requests; a response waits for the promise of `before`. */
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

async function listen(server: Server | SocketServer, scheme: string, path = ''): Promise<VendorProxy> {
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
