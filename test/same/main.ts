import { parseArgs } from 'node:util';
import { compareAnswers } from './compare';
import { startStage } from './stage';

/** Runs as many comparisons as are wanted; resolves with the exit code, 1 where answers differ. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { seed: { type: 'string' }, count: { type: 'string' } } });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const comparisons = Number(values.count ?? 100_000);
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  write(`seed ${seed}, ${comparisons} comparisons`);
  let shown = performance.now();
  const stage = await startStage();
  const result = await compareAnswers(stage, {
    seed,
    comparisons,
    onDifference: ({ seed: own, way, operation, expected, actual }) => {
      write(`\nDIFFERENT, ${way}: --seed ${own} --count 1`);
      write(JSON.stringify(operation, null, 2).replaceAll('\\n', '\n'));
      write(`graphql-js: ${expected.answer}\n${way}: ${actual.answer}`);
      if (expected.calls !== actual.calls) write(`vendors: ${expected.calls}\n${way}: ${actual.calls}`);
    },
    onOperation: (operations, done) => {
      if (performance.now() - shown < 1000) return;
      shown = performance.now();
      write(`${operations} operations, ${done} of ${comparisons} comparisons`);
    },
  });
  await stage.close();
  const { differences, ...counts } = result;
  write(`${JSON.stringify(counts)}, ${differences.length} differences`);
  return differences.length === 0 ? 0 : 1;
}
