import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a database server that can be taken away and given back. */
export interface Relay {
  /** The database's address, by this way. */
  readonly url: string;
  /** Breaks every connection, and takes no new one. */
  cut(): Promise<void>;
  /** Lets no byte through any more, and tells nobody. */
  freeze(): void;
  /** As if nothing had been. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a way to the server behind this address. */
export async function openRelay(url: string): Promise<Relay> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (!frozen) to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const breakAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const cut = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : null;
    server.close();
    breakAll();
    await closed;
  };

  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    cut,
    freeze: () => {
      frozen = true;
    },
    mend: async () => {
      // What was lost on the way is lost.
      if (frozen) breakAll();
      frozen = false;
      if (!server.listening) await listen(port);
    },
    close: cut,
  };
}
