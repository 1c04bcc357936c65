import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openLedger } from '../../src/ledger/ledger';
import { ALWAYS, newAttempt, type Note, storageOf, UNLIMITED } from './open';

/** A process that opens the ledger at an address when it is told to, asks for one write, and says what came of it. */
async function main([address = '', idempotencyKey = '']: readonly string[]): Promise<Note> {
  const told = once(createInterface(process.stdin), 'line');
  process.stdout.write('loaded\n');
  await told;
  try {
    const ledger = await openLedger(storageOf(address), UNLIMITED, Date.now);
    const { kind } = await ledger.attempts.begin(newAttempt(idempotencyKey), ALWAYS);
    await ledger.close();
    return { opened: true, kind };
  } catch (error) {
    return { opened: false, kind: error instanceof Error ? error.message : String(error) };
  }
}

void main(process.argv.slice(2)).then((note) => {
  process.stdout.write(`${JSON.stringify(note)}\n`, () => process.exit(0));
});
