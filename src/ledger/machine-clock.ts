import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Clock } from '../clock';
import type { Database } from './database';

/**
 * The time of a SQLite ledger: runs with the machine's monotonic clock, so that no step of the wall clock moves it. Where
 * it began is kept in the ledger, so that all processes of the machine agree; after a reboot it goes on from the wall clock,
 * and never from before the last write.
 */
export async function openMachineClock({ write }: Pick<Database, 'write'>): Promise<Clock> {
  const boot = readBootId();
  const zero = await write(async (tx) => {
    const known = await tx
      .selectFrom('ledger_clock')
      .select('zero')
      .where('boot', '=', boot)
      .executeTakeFirst();
    if (known) return known.zero;
    const { last } = await tx
      .selectFrom('send_locks')
      .select(({ fn }) => fn.max('at').as('last'))
      .executeTakeFirstOrThrow();
    const made = Math.max(Date.now(), last ?? 0) - sinceBoot();
    if (boot !== '') await tx.insertInto('ledger_clock').values({ boot, zero: made }).execute();
    return made;
  });
  return () => zero + sinceBoot();
}

let asleep = { ms: 0, lookedAt: -Infinity };

/** Milliseconds since the machine booted, its sleep included. */
function sinceBoot(): number {
  const [seconds, nanoseconds] = process.hrtime();
  const awake = seconds * 1000 + Math.floor(nanoseconds / 1_000_000);
  if (awake - asleep.lookedAt > 1000) {
    // The uptime counts sleep too, to a hundredth of a second. In a container it may be the container's own, and shorter.
    const ms = Math.round(uptime() * 1000) - awake;
    asleep = { ms: ms > asleep.ms + 1000 ? ms : asleep.ms, lookedAt: awake };
  }
  return awake + asleep.ms;
}

/** Tells one boot from another; empty where the system has no such id, and then each process begins anew. */
function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
