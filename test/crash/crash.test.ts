import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAll } from '../support/close-all';
import { runCrashes } from './crash-run';
import { DATABASES, type Databases, openDatabases } from './databases';
import { PROGRAM as main } from '../support/process';
import { runTwins } from './twins-run';
import type { Verdict } from './verdict';

const SEED = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const KILLS = 12;

let folder: string;
let databases: Databases;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-crash-'));
  databases = openDatabases(folder);
  await databases.warmUp();
});
afterAll(async () => {
  await closeAll(databases);
  rmSync(folder, { recursive: true, force: true });
});

/** Over either database, side by side: a process that starts leaves a core to others. */
async function expectNone(run: (storage: string, folder: string) => Promise<Verdict>): Promise<void> {
  const verdicts = await Promise.all(
    DATABASES.map(async (kind) => {
      const { violations } = await run(await databases.create(kind), mkdtempSync(join(folder, 'run-')));
      return violations.map((violation) => `${kind}: ${violation}`);
    }),
  );
  expect(verdicts.flat()).toEqual([]);
}

it(`crash recovery: sends at most one write to a vendor when kill -9 ends the process at any moment (seed ${SEED})`, async () => {
  await expectNone((storage, folder) => {
    const what = { kills: KILLS, storage, seed: SEED, main, folder, patience: 'leases cut' } as const;
    return runCrashes({ ...what, progress: () => undefined });
  });
});

it(`concurrency: sends one email for fifty calls to two processes (seed ${SEED})`, async () => {
  await expectNone((storage, folder) =>
    runTwins({ calls: 50, writes: 6, storage, seed: SEED, main, folder }),
  );
});
