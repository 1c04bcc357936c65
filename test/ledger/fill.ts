import { openLedger } from '../../src/ledger/ledger';
import { ALWAYS, newAttempt, storageOf, UNLIMITED } from './open';

/** What came of writing until nothing more could be written. */
export interface Filled {
  readonly begun: number;
  /** How often it was refused after that; nothing may be let through then. */
  readonly refused: number;
  /** How many of the attempts that were begun can still be read. */
  readonly readable: number;
}

const MOST = 500;

/** A process that writes to a ledger until it cannot, and then looks at what is there. */
async function main([address = '']: readonly string[]): Promise<Filled> {
  const { attempts, close } = await openLedger(storageOf(address), UNLIMITED, Date.now);
  const keys = Array.from({ length: MOST }, (_, index) => `key-${index}`);
  let begun = 0;
  let refused = 0;
  for (const key of keys) {
    const kind = await attempts.begin(newAttempt(key, key), ALWAYS).then(
      (result) => result.kind,
      () => 'refused',
    );
    if (kind === 'refused') refused += 1;
    else begun += 1;
    if (refused === 3) break;
  }
  const known = await Promise.all(
    keys.map((idempotency_key) => attempts.byKey({ account: 'harbor-tea', actor: 'ada', idempotency_key })),
  );
  await close().catch(() => undefined);
  return { begun, refused, readable: known.filter((attempt) => attempt !== null).length };
}

void main(process.argv.slice(2)).then((filled) => {
  process.stdout.write(`${JSON.stringify(filled)}\n`, () => process.exit(0));
});
