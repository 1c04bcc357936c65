import { z } from 'zod';
import type { Signal } from '../vendors/signals';

/** A signal on its way to the other processes. */
export interface Message {
  /** Who tells, so that nobody hears himself. */
  readonly from: string;
  /** The name of the account, or of its credential. */
  readonly about: string;
  readonly signal: Signal;
}

const MAX_LENGTH = 1000;
/** No pause is longer than an hour: whoever asks for more is not one of us. */
const pause = z.number().positive().max(3_600_000);
const refusals = z.int().min(1).max(1_000_000);
const name = z.string().min(1).max(64);

const signal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('throttled'), forMs: pause }),
  z.strictObject({ kind: z.literal('refused'), refusals, forMs: pause }),
  z.strictObject({ kind: z.literal('accepted') }),
  z.strictObject({ kind: z.literal('broken') }),
  z.strictObject({ kind: z.literal('written') }),
]);
const message = z.strictObject({ from: name, about: name, signal });

/** A pause as it is kept for whoever comes later; null if it is none of ours. */
export function readPause(kind: 'throttled' | 'refused', forMs: unknown, value: unknown): Signal | null {
  const held = kind === 'throttled' ? { kind, forMs } : { kind, forMs, refusals: Number(value) };
  return signal.safeParse(held).data ?? null;
}

/** Writes a message. */
export const writeMessage = (sent: Message): string => JSON.stringify(sent);

/** Reads what came; null if it is none of ours. */
export function readMessage(text: string): Message | null {
  if (text.length > MAX_LENGTH) return null;
  try {
    return message.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
