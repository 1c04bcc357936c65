import { chmodSync, closeSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Lets only this user read the ledger's file: it holds addresses of people. SQLite makes the files beside it (`-wal`, `-shm`)
 * with the same mode. Folders that are made here are 0700; one that was there is left as it is.
 */
export function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    // Only where it is not there: closing a file that SQLite has open would drop the locks of this process.
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // It is there, or cannot be made: SQLite says so in a moment.
  }
  for (const each of [file, `${file}-wal`, `${file}-shm`])
    try {
      // A configuration may name a folder or a device by mistake: those are not ours.
      if (lstatSync(each).isFile()) chmodSync(each, 0o600);
    } catch {
      // It is not there, or another user's, who has given us the right to use it.
    }
}
