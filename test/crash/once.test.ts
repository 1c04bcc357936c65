import { runFaults } from './once-run';

const SEED = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

it(`sends at most once and reports the true outcome for any fault of vendors and any client behaviour (seed ${SEED})`, async () => {
  const { violations } = await runFaults({ writes: 300, seed: SEED, progress: () => undefined });
  expect(violations).toEqual([]);
});
