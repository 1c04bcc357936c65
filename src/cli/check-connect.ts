import type { Config } from '../config';
import { explainOpenError } from '../ledger/explain-open-error';
import { tryStorage } from '../ledger/try-storage';
import { explainRedisError } from '../sharing/explain-redis-error';
import { tryRedis } from '../sharing/try-redis';
import { everySecond } from './progress';
import { tryAccounts } from './try-accounts';
import { tryKeySet } from './try-key-set';

/** What was tried: a sentence for each thing that works, and for each that does not. */
export interface Checked {
  readonly works: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Tries all that a valid configuration names, side by side: storage, Redis, key sets, one read of each account. Writes
 * nothing that lasts, and sends nothing. `say` is called for what takes longer than a second.
 */
export async function checkConnections(config: Config, say: (progress: string) => void): Promise<Checked> {
  const works: string[] = [];
  const progress = everySecond((tried: number, of: number) => {
    say(`${tried}/${of} accounts`);
  });
  const trying = async (name: string, work: () => Promise<string[]>): Promise<string[]> => {
    const slow = setTimeout(say, 1000, `${name} …`);
    const problems = await work().finally(() => {
      clearTimeout(slow);
    });
    return problems.map((problem) => `${name}: ${problem}`);
  };
  const found = await Promise.all([
    trying('storage', async () => {
      try {
        const missing = await tryStorage(config.storage);
        works.push(`storage${missing > 0 ? ` (${missing} migrations run at the next start)` : ''}`);
        return [];
      } catch (error) {
        return [explainOpenError(error, config.storage)];
      }
    }),
    trying('redis', async () => {
      if (config.redis === undefined) return [];
      try {
        await tryRedis(config.redis);
        works.push('Redis');
        return [];
      } catch (error) {
        return [explainRedisError(error).reason];
      }
    }),
    ...[config.auth ?? []].flat().map(({ jwksUri, algorithms }, index, all) =>
      trying(`auth${all.length > 1 ? `[${index}]` : ''}.jwksUri`, async () => {
        const problem = jwksUri === undefined ? null : await tryKeySet(jwksUri, algorithms);
        if (problem === null) works.push('key set');
        return problem === null ? [] : [problem];
      }),
    ),
    tryAccounts(config, progress),
  ]);
  const problems = found.flat();
  const failed = problems.filter((problem) => problem.startsWith('account')).length;
  if (failed === 0) works.push(`${config.accounts.length} accounts`);
  return { works, problems };
}
