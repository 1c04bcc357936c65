import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A plain TCP balancer: round robin by connection, past whoever refuses; it knows nothing of HTTP. */
export interface Balancer {
  readonly port: number;
  /** Which ports of this machine it hands connections to from now on; those that are open stay open. */
  use(ports: readonly number[]): void;
  /** The port that a client's newest connection was handed to, by the client's own port. */
  behind(clientPort: number): number | undefined;
  /** Whether a connection from this client port was ever handed to a port: the system uses client ports again. */
  wasBehind(clientPort: number, port: number): boolean;
  /** How many connections to a port are open. */
  open(port: number): number;
  close(): Promise<void>;
}

/** Opens one on loopback, with nobody behind it. */
export async function openBalancer(): Promise<Balancer> {
  let ports: readonly number[] = [];
  let turn = 0;
  const handed = new Map<number, number[]>();
  const pairs = new Map<Socket, { readonly port: number; readonly replica: Socket }>();

  const hand = async (client: Socket): Promise<void> => {
    client.on('error', () => undefined);
    const first = turn++;
    for (let step = 0; step < ports.length; step++) {
      const port = ports[(first + step) % ports.length] ?? 0;
      const replica = await dial(port);
      if (!replica) continue;
      const clientPort = client.remotePort ?? 0;
      handed.set(clientPort, [...(handed.get(clientPort) ?? []), port]);
      pairs.set(client, { port, replica });
      const cut = (): void => {
        pairs.delete(client);
        client.destroy();
        replica.destroy();
      };
      // `pipe` ends the other side when one has said all; a side that is lost takes the other along.
      client.pipe(replica).on('error', cut);
      replica.pipe(client).on('close', cut);
      return;
    }
    client.destroy();
  };
  const server = createServer((client) => void hand(client)).listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    use: (next) => {
      ports = next;
    },
    behind: (clientPort) => handed.get(clientPort)?.at(-1),
    wasBehind: (clientPort, port) => handed.get(clientPort)?.includes(port) ?? false,
    open: (wanted) => [...pairs.values()].filter(({ port }) => port === wanted).length,
    close: async () => {
      for (const [client, { replica }] of pairs) {
        client.destroy();
        replica.destroy();
      }
      await once(server.close(), 'close');
    },
  };
}

const dial = (port: number): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(socket);
    });
    socket.on('error', () => {
      resolve(null);
    });
  });
