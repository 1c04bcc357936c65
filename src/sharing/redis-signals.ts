import { randomBytes } from 'node:crypto';
import type { Signal, Signals } from '../vendors/signals';
import { readMessage, readPause, writeMessage } from './messages';
import { CHANNEL, generationKey, type Names, PREFIX } from './names';
import type { Client, Redis } from './redis';
import { pausesReply } from './scripts';

/** Signals over Redis: a message for whoever listens, and a key for as long as it holds, for whoever comes later. */
export interface RedisSignals extends Signals {
  /** Whether the others have been told of all that was written to an account. */
  isSettled(account: string): boolean;
  /** Takes what another process has told. */
  receive(message: string): void;
  /** Catches up over a new connection: tells what could not be told, and learns what was missed. */
  resume(client: Client): Promise<void>;
  close(): void;
}

/** Something to be told; kept until Redis has taken it. */
interface Told {
  readonly account: string;
  readonly signal: Signal;
  readonly at: number;
}

const TELL_AGAIN_MS = 1000;
/** Accounts whose pauses are read in one step. */
const AT_A_TIME = 250;

/**
 * Makes the signals of one process.
 * @param keptMs How long answers are kept: a write is told again over a new connection for as long, because a Redis that has
 * lost its last moments would have answers from before it.
 */
export function createRedisSignals(
  redis: () => Pick<Redis, 'run'>,
  names: ReadonlyMap<string, Names>,
  keptMs: number,
): RedisSignals {
  const from = randomBytes(12).toString('base64url');
  const listeners = new Map<string, ((signal: Signal) => void)[]>();
  const accounts = new Map<string, string>();
  for (const [id, { account, credential }] of names) accounts.set(account, id).set(credential, id);
  /** By what they are about, the newest alone: no more than a few for each account. */
  const untold = new Map<string, Told>();
  const writtenAt = new Map<string, number>();

  const hear = (account: string, signal: Signal): void => {
    for (const listener of listeners.get(account) ?? []) listener(signal);
  };

  const send = async (client: Client, { account, signal, at }: Told): Promise<unknown> => {
    const name = names.get(account);
    if (!name) return;
    const about = signal.kind === 'written' ? name.account : name.credential;
    const tell = (told: Signal): string => writeMessage({ from, about, signal: told });
    switch (signal.kind) {
      case 'broken':
        return client.publish(CHANNEL, tell(signal));
      case 'written':
        return client.end([generationKey(name)], [CHANNEL, tell(signal)]);
      case 'accepted':
        return client.end([refusedKey(name)], [CHANNEL, tell(signal)]);
      case 'throttled':
      case 'refused': {
        const forMs = Math.ceil(at + signal.forMs - performance.now());
        if (forMs <= 0) return;
        const [key, value] =
          signal.kind === 'refused' ? [refusedKey(name), signal.refusals] : [throttledKey(name), 1];
        return client.pause([key], [`${value}`, `${forMs}`, CHANNEL, tell({ ...signal, forMs })]);
      }
    }
  };

  /** Sends what has not been taken yet. */
  const deliver = async (topic: string, told: Told, client?: Client): Promise<void> => {
    const sending = async (over: Client): Promise<true> => {
      await send(over, told);
      return true;
    };
    const taken = client ? await sending(client) : await redis().run(sending);
    if (taken && untold.get(topic) === told) untold.delete(topic);
  };

  const tell = (account: string, signal: Signal): void => {
    const told = { account, signal, at: performance.now() };
    const topic = topicOf(told);
    untold.set(topic, told);
    // A hint is told now or never.
    void deliver(topic, told).finally(() => {
      if (signal.kind === 'broken') untold.delete(topic);
    });
  };

  const readPauses = async (client: Client, some: readonly string[]): Promise<void> => {
    const keys = some.flatMap((id) => {
      const name = names.get(id);
      return name ? [throttledKey(name), refusedKey(name)] : [];
    });
    const found = pausesReply.parse(await client.pauses(keys, []));
    for (let index = 0; index + 2 < found.length; index += 3) {
      const place = Number(found[index]);
      const account = some[place >> 1];
      const pause = readPause(place % 2 === 0 ? 'throttled' : 'refused', found[index + 1], found[index + 2]);
      if (account !== undefined && pause) hear(account, pause);
    }
  };

  const again = setInterval(() => {
    for (const [topic, told] of untold) void deliver(topic, told);
  }, TELL_AGAIN_MS).unref();

  return {
    tell: (account, signal) => {
      if (signal.kind === 'written') writtenAt.set(account, performance.now());
      tell(account, signal);
    },
    listen: (account, listener) => {
      listeners.set(account, [...(listeners.get(account) ?? []), listener]);
    },
    isSettled: (account) => !untold.has(`written ${account}`),
    receive: (text) => {
      const message = readMessage(text);
      const account = message && message.from !== from ? accounts.get(message.about) : undefined;
      if (message && account !== undefined) hear(account, message.signal);
    },
    resume: async (client) => {
      for (const [account, at] of writtenAt) {
        if (performance.now() - at > keptMs) writtenAt.delete(account);
        else if (!untold.has(`written ${account}`)) untold.set(`written ${account}`, writtenTo(account, at));
      }
      await Promise.allSettled([...untold].map(([topic, told]) => deliver(topic, told, client)));
      const all = [...names.keys()];
      for (let start = 0; start < all.length; start += AT_A_TIME)
        await readPauses(client, all.slice(start, start + AT_A_TIME));
      // Last, when this is sure to be a connection that serves: a vain attempt must cost nobody what he has kept.
      for (const account of all) hear(account, { kind: 'written' });
    },
    close: () => {
      clearInterval(again);
    },
  };
}

const writtenTo = (account: string, at: number): Told => ({ account, signal: { kind: 'written' }, at });

/** What a later signal says anew takes the place of an earlier one. */
const topicOf = ({ account, signal: { kind } }: Told): string =>
  `${kind === 'accepted' ? 'refused' : kind} ${account}`;

const throttledKey = ({ credential }: Names): string => `${PREFIX}throttled:${credential}`;
const refusedKey = ({ credential }: Names): string => `${PREFIX}refused:${credential}`;
