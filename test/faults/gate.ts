import { EventEmitter, once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a vendor: counts who is inside, and lets nobody go on while it is shut. */
export interface Gate {
  readonly baseUrl: string;
  /** All requests that came. */
  readonly came: number;
  /** Those that wait before it. */
  readonly waiting: number;
  /** The most that had come and not been answered, at any one time. */
  readonly most: number;
  /** Those whose caller hung up before they were answered. */
  readonly left: number;
  /** From now on whoever comes has to wait. */
  shut(): void;
  /** Lets as many go on as are waiting, oldest first, and whoever comes later; or just so many. */
  open(count?: number): void;
  /** Resolves when this holds. */
  until(holds: (gate: Gate) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Opens a gate before the vendor at this address. */
export async function openGate(vendorUrl: string): Promise<Gate> {
  const { origin, pathname } = new URL(vendorUrl);
  const agent = new Agent({ keepAlive: true });
  const changes = new EventEmitter().setMaxListeners(0);
  const queue: (() => void)[] = [];
  const counts = { came: 0, inside: 0, most: 0, left: 0 };
  let isShut = false;
  const change = (counted: Partial<typeof counts> = {}): void => {
    Object.assign(counts, counted);
    changes.emit('change');
  };

  const handle = (asked: IncomingMessage, answer: ServerResponse): void => {
    const inside = counts.inside + 1;
    change({ came: counts.came + 1, inside, most: Math.max(counts.most, inside) });
    const goOn = (): void => {
      if (!answer.destroyed) forward(`${origin}${asked.url ?? '/'}`, agent, asked, answer);
    };
    answer.once('close', () => {
      const place = queue.indexOf(goOn);
      if (place >= 0) queue.splice(place, 1);
      change({ inside: counts.inside - 1, left: counts.left + (answer.writableFinished ? 0 : 1) });
    });
    if (!isShut) {
      goOn();
      return;
    }
    queue.push(goOn);
    change();
  };

  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gate: Gate = {
    baseUrl: `http://127.0.0.1:${port}${pathname.replace(/\/$/, '')}`,
    get came() {
      return counts.came;
    },
    get waiting() {
      return queue.length;
    },
    get most() {
      return counts.most;
    },
    get left() {
      return counts.left;
    },
    shut: () => {
      isShut = true;
    },
    open: (count) => {
      isShut = count !== undefined;
      for (const goOn of queue.splice(0, count ?? queue.length)) goOn();
      change();
    },
    until: async (holds) => {
      while (!holds(gate)) await once(changes, 'change');
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
  return gate;
}

function forward(url: string, agent: Agent, asked: IncomingMessage, answer: ServerResponse): void {
  const onward = request(url, { agent, method: asked.method, headers: asked.headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    got.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}
