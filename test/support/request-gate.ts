import { EventEmitter, once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of a vendor that counts requests in flight and can hold them back. */
export interface Gate {
  readonly baseUrl: string;
  /** Requests received so far. */
  readonly received: number;
  /** Requests that are held back now. */
  readonly waiting: number;
  /** The highest number of requests in flight at any one time. */
  readonly maxInFlight: number;
  /** Requests whose client disconnected before the response. */
  readonly aborted: number;
  /** Holds back every request from now on. */
  hold(): void;
  /** Forwards the held requests, oldest first, and all later ones; with a count, only that many held requests. */
  open(count?: number): void;
  /** Resolves as soon as the condition is true. */
  until(holds: (gate: Gate) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Opens a gate in front of the vendor at this address. */
export async function openGate(vendorUrl: string): Promise<Gate> {
  const { origin, pathname } = new URL(vendorUrl);
  const agent = new Agent({ keepAlive: true });
  const changes = new EventEmitter().setMaxListeners(0);
  const queue: (() => void)[] = [];
  const counts = { came: 0, inside: 0, most: 0, left: 0 };
  let isHolding = false;
  const change = (counted: Partial<typeof counts> = {}): void => {
    Object.assign(counts, counted);
    changes.emit('change');
  };

  const handle = (asked: IncomingMessage, answer: ServerResponse): void => {
    const inside = counts.inside + 1;
    change({ came: counts.came + 1, inside, most: Math.max(counts.most, inside) });
    const pass = (): void => {
      if (!answer.destroyed) forward(`${origin}${asked.url ?? '/'}`, agent, asked, answer);
    };
    answer.once('close', () => {
      const place = queue.indexOf(pass);
      if (place >= 0) queue.splice(place, 1);
      change({ inside: counts.inside - 1, left: counts.left + (answer.writableFinished ? 0 : 1) });
    });
    if (!isHolding) {
      pass();
      return;
    }
    queue.push(pass);
    change();
  };

  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gate: Gate = {
    baseUrl: `http://127.0.0.1:${port}${pathname.replace(/\/$/, '')}`,
    get received() {
      return counts.came;
    },
    get waiting() {
      return queue.length;
    },
    get maxInFlight() {
      return counts.most;
    },
    get aborted() {
      return counts.left;
    },
    hold: () => {
      isHolding = true;
    },
    open: (count) => {
      isHolding = count !== undefined;
      for (const pass of queue.splice(0, count ?? queue.length)) pass();
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
