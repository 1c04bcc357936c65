import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Decide, NewAttempt } from '../../src/ledger/begin-attempt';
import type { Storage } from '../../src/ledger/database';
import type { SendLimits } from '../../src/ledger/limits';

/** No limit that a test would run into. */
export const UNLIMITED: SendLimits = {
  cooldown: 0,
  emailsPerInvitePerDay: 1_000_000,
  emailsPerAccountPerHour: 1_000_000,
  idempotencyTtl: 86_400_000,
};

/** Lets every write begin. */
export const ALWAYS: Decide = () => null;

/** An address as a place to keep a ledger. */
export const storageOf = (address: string): Storage =>
  address.startsWith('sqlite:')
    ? { kind: 'sqlite', file: address.slice(7) }
    : { kind: 'postgres', url: address };

/** A write that is about to be asked of a vendor. */
export const newAttempt = (idempotencyKey: string, invite = 'i-1'): NewAttempt => ({
  account: 'harbor-tea',
  actor: 'ada',
  invite,
  email_id: invite,
  verb: 'RESEND',
  idempotency_key: idempotencyKey,
  input_hash: 'the same',
  invited_before: null,
  lease: 30_000,
});

/** What a process says of its attempt at the ledger. */
export interface Note {
  readonly opened: boolean;
  /** What `begin` answered, or why the ledger did not open. */
  readonly kind: string;
}

/** A process that is about to open a ledger. */
export interface Opener {
  /** Opens it, and asks for one write. */
  go(): Promise<Note>;
  /** Ends the process at once, without a word to it. */
  kill(): Promise<void>;
}

/** Starts a process that waits to open the ledger at this address. */
export async function startOpener(address: string, idempotencyKey: string): Promise<Opener> {
  const [hook, program] = ['typescript.cjs', 'one-process.ts'].map((name) => join(__dirname, name));
  const child = spawn(process.execPath, ['-r', hook ?? '', program ?? '', address, idempotencyKey], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    go: async () => {
      child.stdin.write('go\n');
      const line = await lines.next();
      return JSON.parse(String(line.value)) as Note;
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Processes that all open the same ledger in the same moment. */
export async function openInProcesses(count: number, address: string, key: string): Promise<Note[]> {
  const openers = await Promise.all(Array.from({ length: count }, () => startOpener(address, key)));
  const notes = await Promise.all(openers.map((opener) => opener.go()));
  await Promise.all(openers.map((opener) => opener.kill()));
  return notes;
}
