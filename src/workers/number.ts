import { availableParallelism } from 'node:os';
import { UsageError } from '../cli/command-line';

/** The environment variable in which the primary tells a worker its number. */
export const NUMBER = 'ROLLCALL_WORKER';

const MOST = 64;

/** Reads `--workers`: how many processes are to serve; one where nothing is said. */
export function readWorkers(text = '1'): number {
  if (text === 'auto') return Math.min(availableParallelism(), MOST);
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST)
    throw new UsageError(`--workers must be a whole number from 1 to ${MOST}, or auto.`);
  return count;
}
