import { setTimeout as delay } from 'node:timers/promises';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { EPOCH, startRollcall } from '../support/start';
import { type Client, createClient, eachOf, isDefinite, until, type WriteAnswer } from './client';
import { isSentFor } from '../support/observed-writes';
import {
  type FaultCase,
  pickCase,
  RESPONSE_BYTES,
  toFault,
  type Traps,
  WRITE_TIMEOUT_MS,
} from './fault-cases';
import { callInManner, type Manner, MANNERS } from './manners';
import { describeFaults, type Judged, judgeFaults } from './once-verdict';
import { prepare } from './preparation';
import { createRandom, type Random } from '../support/random';
import { openTrap, unreachableVendors } from './trap';
import type { Verdict } from './verdict';
import { type PlannedWrite, planWrites } from '../support/planned-writes';

/** How a run of faulted writes is done. */
export interface OnceOptions {
  readonly writes: number;
  readonly seed: number;
  readonly progress: (line: string) => void;
}

/** One write under one fault, and all that its client was told. */
export interface Attempted {
  readonly write: PlannedWrite;
  readonly fault: FaultCase;
  readonly manner: Manner;
  /** What is left to chance in it. */
  readonly random: Random;
  /** In the order in which they came; the last one was asked for when all else was over. */
  readonly answers: WriteAnswer[];
  failure: string | null;
}

const VERBS = ['RESEND', 'RESEND', 'SEND_NEW', 'INVITE', 'REVOKE'] as const;

/** So few writes to one account that its circuit seldom opens; the next round begins with an app of its own. */
const WAVES = 4;
const MOST_ACCOUNTS = 40;
const AT_ONCE = 20;
/** Long enough for every pause that a vendor can ask for to be over. */
const BETWEEN_WAVES_MS = 2 * 3_600_000;
/** One write in so many is to a vendor that cannot be reached at all. */
const UNREACHABLE_EVERY = 25;

const LIMITS = {
  readTimeout: `${WRITE_TIMEOUT_MS}ms`,
  writeTimeout: `${WRITE_TIMEOUT_MS}ms`,
  connectTimeout: '500ms',
  responseBytes: RESPONSE_BYTES,
} as const;

/**
 * Sends writes through the app while their vendors do everything that vendors do, with clients that repeat themselves,
 * and compares what they were told with what the vendors did.
 */
export async function runFaults({ writes, seed, progress }: OnceOptions): Promise<Verdict> {
  const random = createRandom(seed);
  const trap = await openTrap();
  const judged: Judged[] = [];
  const tell = (done: number): void => {
    const wrong = judged.filter(({ problems }) => problems.length > 0).length;
    progress(`${judged.length + done} of ${writes} writes, ${wrong} wrong`);
  };
  try {
    const unreachable = Object.entries(unreachableVendors(trap));
    const each = Math.ceil(writes / UNREACHABLE_EVERY / unreachable.length);
    for (const [name, baseUrl] of unreachable) {
      const fault: FaultCase = { name, on: 'write', faults: [], ends: ['NOT_SENT'] };
      judged.push(...(await runRound({ count: each, baseUrl, random, tell, pick: () => fault })));
    }
    const traps: Traps = { near: '/redirected', far: trap.url };
    while (judged.length < writes) {
      const count = Math.min(MOST_ACCOUNTS * WAVES * 3, writes - judged.length);
      const pick = (write: PlannedWrite) => pickCase(write, traps, random);
      judged.push(...(await runRound({ count, baseUrl: null, random, tell, pick })));
    }
    const visits = trap.visits();
    return {
      figures: describeFaults(judged),
      violations: [
        ...judged.flatMap(({ problems }) => problems),
        ...(visits > 0 ? [`another host had ${visits} requests`] : []),
      ],
    };
  } finally {
    await trap.close();
  }
}

interface Round {
  readonly count: number;
  /** Where the vendors are taken to be; where they are, unless given. */
  readonly baseUrl: string | null;
  readonly random: Random;
  readonly pick: (write: PlannedWrite) => FaultCase;
  readonly tell: (done: number) => void;
}

/** One app and its vendors: a few writes to each account, in waves, and a look at what became of them. */
async function runRound({ count, baseUrl, random, pick, tell }: Round): Promise<Judged[]> {
  const scale = { accounts: Math.ceil(count / 3 / WAVES), staffPerAccount: WAVES * 5 };
  const emulators = await startEmulators({ world: scale, epoch: EPOCH });
  const rollcall = await startRollcall({
    emulators: baseUrl === null ? emulators : withoutWay(emulators, baseUrl),
    limits: LIMITS,
  });
  const client = createClient();
  try {
    const writes = planWrites(emulators, scale, count, { verbs: VERBS, refused: 0.02 }, random);
    await prepare(writes, emulators, rollcall.app.ledger);
    const all = writes.map((write): Attempted => {
      const own = createRandom(random.below(2 ** 32));
      const manner = random.pick(MANNERS);
      return { write, fault: pick(write), manner, random: own, answers: [], failure: null };
    });
    const size = scale.accounts * 3;
    for (let start = 0; start < count; start += size) {
      const wave = all.slice(start, start + size);
      await eachOf(wave, AT_ONCE, async (each) => {
        await play(each, emulators, client, rollcall.app.url).catch((error: unknown) => {
          each.failure = String(error);
        });
      });
      for (const { faults } of [emulators.ecwid, emulators.softwareone, emulators.wix]) faults.clear();
      emulators.clock.advance(BETWEEN_WAVES_MS);
      tell(start + wave.length);
    }
    return await judgeFaults(all, emulators, rollcall.app.ledger);
  } finally {
    await client.close();
    await rollcall.close();
    await emulators.close();
  }
}

/** The same vendors, at an address where they are not. */
const withoutWay = (emulators: Emulators, baseUrl: string): Emulators => ({
  ...emulators,
  vendors: { ecwid: { baseUrl }, softwareone: { baseUrl }, wix: { baseUrl } },
});

/** Makes the calls of one client under one fault, and one more when they are over: that answer counts. */
async function play(
  { write, fault, manner, random, answers }: Attempted,
  emulators: Emulators,
  client: Client,
  url: string,
): Promise<void> {
  const { faults, requests, changeInvite } = emulators[write.vendor];
  const since = requests.length;
  for (const each of fault.faults) faults.add(toFault(each, fault.on, write));
  const call = async (signal?: AbortSignal): Promise<void> => {
    answers.push(await client.ask(url, write, signal));
  };

  if (fault.meanwhile) faults.add(toFault({ kind: 'latency', ms: 60, times: 1 }, 'read', write));
  const calls = callInManner(manner, call, random);
  if (fault.meanwhile && write.permitted) {
    // Where nothing is read, it has happened before the write.
    const isRead = () => requests.slice(since).some((request) => isSentFor(write.account, request));
    if (write.vendor !== 'wix') await until(isRead, 2000);
    changeInvite(write.account.key, write.vendorId, fault.meanwhile);
  }
  await calls;
  for (let tries = 0; tries < 200; tries++) {
    await call();
    if (answers.slice(-1).every(isDefinite)) return;
    await delay(50);
  }
}
