import { closeAll } from '../support/close-all';
import { compareAnswers } from './compare';
import { type Stage, startStage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => closeAll(stage));

describe('operation execution, over generated operations', () => {
  // Ten runs, so that none of them is long on a busy machine.
  it.each([...Array(10).keys()])(
    'gives the same bytes as graphql-js on each way, each time: run %i',
    async (run) => {
      const result = await compareAnswers(stage, { seed: 1 + run * 10_000, comparisons: 200 });
      expect(result.differences.slice(0, 3)).toEqual([]);
      expect(result.comparisons).toBeGreaterThanOrEqual(200);
      // A generator that makes neither answers nor errors would show nothing.
      expect(result.withData).toBeGreaterThan(100);
      expect(result.withErrors).toBeGreaterThan(20);
    },
  );
});
