import { setTimeout as delay } from 'node:timers/promises';
import type { Emulators, Fault, FaultKind, SeenRequest } from '../../src/emulators/start';
import { until } from './client';
import { isSentFor, isWriteRequest } from '../support/observed-writes';
import type { Random } from '../support/random';
import type { PlannedWrite } from '../support/planned-writes';

/** A write on its way, as far as its vendor has seen it. */
export interface Scene {
  readonly emulators: Emulators;
  readonly write: PlannedWrite;
  /** How many requests its vendor had seen before. */
  readonly since: number;
  /** Whether its client has been answered. */
  readonly isAnswered: () => boolean;
}

/** A moment at which a process is killed, aimed at one write. */
export interface Moment {
  readonly name: string;
  /** What slows the vendor down, so that the moment is long enough to be hit. */
  readonly slow?: { readonly on: 'read' | 'write'; readonly fault: FaultKind };
  /** Waits for the moment; a write that is over already does not come to it. */
  come(scene: Scene, random: Random): Promise<void>;
}

/** How far a write had come when its process was killed. */
export const PLACES = [
  'before the vendor was asked anything',
  'while its state was read',
  'between read and write',
  'while the write was on its way, not executed',
  'after the vendor executed, before its answer',
  'after the vendor answered, before the client had it',
  'after the client was answered',
] as const;

/** One of them. */
export type Place = (typeof PLACES)[number];

const SLOW_MS = 100;

/** All moments worth aiming at. */
export const MOMENTS: readonly Moment[] = [
  { name: 'before the read', come: (_scene, random) => delay(random.below(6)) },
  {
    name: 'during the read',
    slow: { on: 'read', fault: { kind: 'latency', ms: SLOW_MS } },
    come: async (scene, random) => {
      await untilSeen(scene, ({ read, write }) => read ?? write);
      await delay(random.below(SLOW_MS - 20));
    },
  },
  {
    name: 'between read and write',
    come: async (scene, random) => {
      await untilSeen(scene, ({ read, write }) => (read?.status == null ? write : read));
      await delay(random.below(5));
    },
  },
  {
    name: 'during the write',
    slow: { on: 'write', fault: { kind: 'hang' } },
    come: async (scene, random) => {
      await untilSeen(scene, ({ write }) => write);
      await delay(random.below(20));
    },
  },
  {
    name: 'after the vendor executed',
    slow: { on: 'write', fault: { kind: 'latency', ms: SLOW_MS } },
    come: async (scene, random) => {
      await untilSeen(scene, ({ write }) => write);
      await delay(random.below(SLOW_MS - 20));
    },
  },
  {
    name: 'around the answer',
    come: async (scene, random) => {
      await untilSeen(scene, ({ write }) => (write?.status == null ? undefined : write));
      await delay(random.below(8));
    },
  },
  { name: 'at any time', come: (_scene, random) => delay(random.below(120)) },
];

/** The fault that slows the vendor down for one write alone. */
export function faultFor({ slow }: Moment, { account, vendor, verb }: PlannedWrite): Fault | null {
  if (!slow) return null;
  const method = slow.on === 'read' ? 'GET' : verb === 'REVOKE' && vendor !== 'wix' ? 'DELETE' : 'POST';
  return { ...slow.fault, route: `${method} *`, account: account.key };
}

/** Where a write is now. */
export function placeOf(scene: Scene, hangs: boolean): Place {
  const { read, write } = seenOf(scene);
  if (scene.isAnswered()) return PLACES[6];
  if (write) return write.status !== null ? PLACES[5] : hangs ? PLACES[3] : PLACES[4];
  if (read) return read.status === null ? PLACES[1] : PLACES[2];
  return PLACES[0];
}

function untilSeen(
  scene: Scene,
  pick: (seen: ReturnType<typeof seenOf>) => SeenRequest | undefined,
): Promise<boolean> {
  return until(() => scene.isAnswered() || pick(seenOf(scene)) !== undefined, 3000);
}

function seenOf({ emulators, write: { vendor, account }, since }: Scene) {
  const own = emulators[vendor].requests.slice(since).filter((request) => isSentFor(account, request));
  return {
    read: own.find((request) => !isWriteRequest(vendor, request)),
    write: own.find((request) => isWriteRequest(vendor, request)),
  };
}
