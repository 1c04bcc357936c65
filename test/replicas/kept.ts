import type { AppOptions, VendorFixture } from '../support/vendor-fixture';
import type { TestRedis } from '../support/redis';
import type { Rollcall } from '../support/start';

/** An app that shares a Redis, and is not to lose it: what is shared must not be what a new connection brings. */
export async function startSharing(
  stage: VendorFixture,
  redis: TestRedis,
  more: AppOptions,
): Promise<Rollcall> {
  const rollcall = await stage.start({ redis: redis.url, ...more });
  started.push(rollcall);
  return rollcall;
}

const started: Rollcall[] = [];
afterEach(() => {
  const lines = started.splice(0).flatMap(({ logged }) => logged);
  const told = lines.filter((line) => line.includes('redis'));
  if (told.length > 0) throw new Error(told.join(''));
});

/** The keys of the answers that processes keep together. */
export const answersIn = (redis: TestRedis): Promise<string[]> => redis.keys('rollcall:answer:');

/** Makes every answer that is kept older, by what it has left to live: nobody has to wait. */
export async function age(redis: TestRedis, ms: number): Promise<void> {
  for (const key of await answersIn(redis)) {
    const left = Number(await redis.command('PTTL', key));
    await redis.command('PEXPIRE', key, String(left - ms));
  }
}
