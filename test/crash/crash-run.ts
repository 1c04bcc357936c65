import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../../src/config';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import type { Storage } from '../../src/ledger/database';
import { openLedger } from '../../src/ledger/ledger';
import { runStatements } from '../support/database-failures';
import { createClient } from './client';
import { judgeCrashes } from './crash-verdict';
import { type Field, isOpen, openField } from './field';
import { faultFor, MOMENTS, type Place, placeOf, PLACES } from './moments';
import { prepare } from './preparation';
import { startProgram, writeConfig } from './program';
import { createRandom, type Random } from '../support/random';
import type { Verdict } from './verdict';
import { type PlannedWrite, planWrites, worldSizeFor } from '../support/planned-writes';

/** How a run of crashes is done. */
export interface CrashOptions {
  readonly kills: number;
  /** As `storage:` in rollcall.yaml; an empty database. */
  readonly storage: string;
  readonly seed: number;
  /** The program's main file. */
  readonly main: string;
  /** Where its configuration may be written. */
  readonly folder: string;
  /** Whether the leases of lost writes end by waiting, or are cut short in the database. */
  readonly patience: 'waits' | 'leases cut';
  readonly progress: (line: string) => void;
}

const WRITES_PER_KILL = 4;
/** After this long a write that has lost its process is given up, with a second to spare. */
const GIVEN_UP_MS = 31_000;

/**
 * Kills the program again and again while clients write, starts it again over the same database, lets the clients
 * repeat what they were not answered, and looks at what became of every write.
 */
export async function runCrashes(options: CrashOptions): Promise<Verdict> {
  const { kills, seed, storage, main, folder, progress } = options;
  const random = createRandom(seed);
  const count = kills * WRITES_PER_KILL;
  const scale = worldSizeFor(count, 5);
  const emulators = await startEmulators({ world: scale, latencyMs: 3 });
  try {
    const mix = { verbs: ['RESEND', 'RESEND', 'SEND_NEW', 'INVITE', 'REVOKE'], refused: 0.05 } as const;
    const writes = planWrites(emulators, scale, count, mix, random);
    const opened = await prepareStorage(writes, emulators, storage);
    const { file, token } = await writeConfig(folder, { emulators, storage });
    const client = createClient(token);
    const field = openField(client, (aheadMs) => startProgram(main, file, aheadMs));
    const places = new Map<Place, number>(PLACES.map((place) => [place, 0]));
    try {
      for (let done = 0; done < kills;) {
        const place = await killOnce(field, writes.splice(0, WRITES_PER_KILL), emulators, random);
        places.set(place, (places.get(place) ?? 0) + 1);
        done++;
        if (done < kills && random.chance(0.08)) {
          // A process may also die before it is ready.
          await delay(random.below(1000));
          await field.killAndRestart();
          done++;
        }
        const open = field.stories.filter(isOpen).length;
        progress(`${done} of ${kills} kills, ${field.stories.length} writes, ${open} without an answer yet`);
      }
      await field.settle();
      await growOld(field, options);
      return await judgeCrashes({ field, client, emulators, storage: opened, places });
    } finally {
      await Promise.all([field.program.kill(), client.close()]);
    }
  } finally {
    await emulators.close();
  }
}

/** Brings vendors and an empty database to where the writes are allowed. */
export async function prepareStorage(
  writes: readonly PlannedWrite[],
  emulators: Emulators,
  storage: string,
): Promise<Storage> {
  const { accounts, vendors } = emulators;
  const config = readConfig({ accounts, vendors, storage }, { env: {}, folder: '.', demo: true });
  const ledger = await openLedger(config.storage, config.limits, null, undefined, config.accounts);
  await prepare(writes, emulators, ledger);
  await ledger.close();
  return config.storage;
}

/** Sends a few clients on their way, aims at one of them, and kills the process at the moment aimed at. */
async function killOnce(
  field: Field,
  writes: readonly PlannedWrite[],
  emulators: Emulators,
  random: Random,
): Promise<Place> {
  const moment = random.pick(MOMENTS);
  const write = random.pick(writes);
  // Mostly all is quiet before; now and then those who repeat their writes are hit again.
  if (random.chance(0.75)) await field.settle();
  else await field.program.url;
  const old = field.stories.filter((story) => isOpen(story) && story.toldAt < Date.now() - GIVEN_UP_MS);
  for (const story of old.slice(0, 2)) field.again(story);

  const { faults, requests } = emulators[write.vendor];
  const fault = faultFor(moment, write);
  if (fault) faults.add(fault);
  const since = requests.length;
  const stories = writes.map((each) => field.begin(each));
  const answers = stories.find((story) => story.write === write)?.answers ?? [];
  const scene = { emulators, write, since, isAnswered: () => answers.length > 0 };
  await moment.come(scene, random);
  const place = placeOf(scene, fault?.kind === 'hang');
  const gone = field.killAndRestart();
  faults.clear();
  await gone;
  return place;
}

/** Asks again for what was in progress, once nothing can be any more. */
async function growOld(field: Field, { patience, storage, progress }: CrashOptions): Promise<void> {
  if (patience === 'leases cut') {
    await runStatements(
      storage,
      `update attempts set sending_until = ${Date.now()} where outcome = 'SENDING'`,
    );
    // Its own clock is hours ahead, which nothing may depend on.
    await field.killAndRestart(3_600_000 * 5);
  } else {
    for (let left = GIVEN_UP_MS; left > 0; left -= 4000) {
      progress(`waiting ${left / 1000} s, until lost writes are given up`);
      await delay(Math.min(left, 4000));
    }
  }
  for (const story of field.stories.filter(isOpen)) field.again(story);
  await field.settle();
}
