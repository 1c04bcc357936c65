import type { TestRedis } from '../support/redis';

/** The keys of the answers that processes keep together. */
export const answersIn = (redis: TestRedis): Promise<string[]> => redis.keys('rollcall:answer:');

/** Makes every answer that is kept older, by what it has left to live: nobody has to wait. */
export async function age(redis: TestRedis, ms: number): Promise<void> {
  for (const key of await answersIn(redis)) {
    const left = Number(await redis.command('PTTL', key));
    await redis.command('PEXPIRE', key, String(left - ms));
  }
}
