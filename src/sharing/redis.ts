import type { Logger } from '../log';
import { explainRedisError } from './explain-redis-error';
import { scripts } from './scripts';
import { Late, within } from './within';

/** A connection to Redis. */
export type Client = Awaited<ReturnType<typeof newClient>>;

/** Redis, as far as it is there: whoever asks it waits for moments only, and for nothing while it is away. */
export interface Redis {
  isConnected(): boolean;
  /** Runs a command; undefined where Redis is away, refuses it, or does not answer soon. */
  run<Reply>(command: (client: Client) => Promise<Reply>): Promise<Reply | undefined>;
  /** Connects, now and whenever the connection is lost; resolves when that has gone well or badly for the first time. */
  start(): Promise<void>;
  close(): void;
}

/** What a connection is opened with. */
export interface RedisParts {
  readonly url: string;
  readonly log: Logger;
  /** Where messages come from. */
  readonly channel: string;
  onMessage(message: string): void;
  /** Called for each new connection, before it is used: messages may have been missed until now. */
  onConnect(client: Client): Promise<void>;
}

/** How long an operation waits for Redis, at most. */
export const COMMAND_MS = 150;
/** How long nothing is asked of a connection that has not answered in time, before it is given up. */
const STALL_MS = 1500;
const CONNECT_MS = 2000;
const HEARTBEAT_MS = 1000;
const LONGEST_PAUSE_MS = 2000;
const REPORT_EVERY_MS = 60_000;

/** Makes the connection of one process; `start` opens it. */
export function openRedis({ url, log, channel, onMessage, onConnect }: RedisParts): Redis {
  /** Those that have not been lost, connected or about to be. */
  const opened = new Set<Client>();
  let current: Client | null = null;
  let stalled = false;
  let failures = 0;
  let closed = false;
  let reportedAt = -REPORT_EVERY_MS;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const client = await newClient(url);
    client.on('error', (error: unknown) => {
      lose(client, error);
    });
    if (closed) return;
    opened.add(client);
    try {
      await within(CONNECT_MS, client.connect());
      await within(CONNECT_MS, client.subscribe(channel, onMessage));
      await within(CONNECT_MS, onConnect(client));
      if (!opened.has(client)) return;
      current = client;
      stalled = false;
      if (failures > 0) log.info('redis is back: processes share what they learn again');
      failures = 0;
    } catch (error) {
      lose(client, error);
    }
  };

  const lose = (client: Client, error: unknown): void => {
    if (!opened.delete(client)) return;
    client.destroy();
    if (current === client) current = null;
    if (closed) return;
    if (failures === 0)
      log.warn(
        explainRedisError(error),
        'redis is away: until it is back, this process goes by what it learns itself',
      );
    failures++;
    const pause = Math.min(100 * 2 ** failures, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 4);
    retry = setTimeout(() => void connect(), pause).unref();
  };

  /** No command is sent until a late answer has come; and if none comes, to this connection none ever. */
  const stall = (client: Client): void => {
    if (stalled || current !== client) return;
    stalled = true;
    const giveUp = setTimeout(() => {
      lose(client, new Late());
    }, STALL_MS).unref();
    client
      .ping()
      .then(() => {
        if (current === client) stalled = false;
      })
      .catch((error: unknown) => {
        lose(client, error);
      })
      .finally(() => {
        clearTimeout(giveUp);
      });
  };

  const report = (error: unknown): void => {
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    log.warn(explainRedisError(error), 'redis refuses a command');
  };

  const run: Redis['run'] = async (command) => {
    const client = current;
    if (client === null || stalled) return undefined;
    try {
      return await within(COMMAND_MS, command(client));
    } catch (error) {
      if (error instanceof Late) stall(client);
      else if (opened.has(client)) report(error);
      return undefined;
    }
  };

  const heartbeat = setInterval(() => void run((client) => client.ping()), HEARTBEAT_MS).unref();
  return {
    isConnected: () => current !== null && !stalled,
    run,
    start: connect,
    close: () => {
      closed = true;
      clearInterval(heartbeat);
      clearTimeout(retry);
      for (const client of opened) lose(client, null);
    },
  };
}

/** Its package takes time and memory to load, which nobody has to spend who has no Redis. */
export async function newClient(url: string) {
  const { createClient, RESP_TYPES } = await import('@redis/client');
  return createClient({
    url,
    name: 'rollcall',
    scripts,
    // One connection is for messages and commands; when it is lost, what to do about it is decided above.
    RESP: 3,
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_MS },
    commandOptions: { timeout: 0 },
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    maintNotifications: 'disabled',
  }).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
}
