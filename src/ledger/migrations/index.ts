import type { Migration } from 'kysely';
import * as attemptsAndInvites from './0001-attempts-and-remembered-invites';
import * as keysByTime from './0002-keys-by-time';
import * as sequenceAndLease from './0003-sequence-and-lease';

/** Every migration, in the order of its name; once released, one is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-attempts-and-remembered-invites': attemptsAndInvites,
  '0002-keys-by-time': keysByTime,
  '0003-sequence-and-lease': sequenceAndLease,
};
