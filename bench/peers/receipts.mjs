import Database from 'libsql';

/**
 * The least that a server notes which makes a write once: that it begins, on the disk before the vendor is asked, and how
 * it ended. A key that is there already is an error.
 */
export function openReceipts(file) {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('CREATE TABLE receipts (key TEXT PRIMARY KEY, invite TEXT, outcome TEXT)');
  const insert = database.prepare('INSERT INTO receipts (key, invite) VALUES (?, ?)');
  const update = database.prepare('UPDATE receipts SET outcome = ? WHERE key = ?');
  return {
    begin: ({ idempotencyKey, inviteId }) => {
      database.exec('PRAGMA synchronous = FULL');
      insert.run(idempotencyKey, inviteId);
    },
    close: ({ idempotencyKey }, outcome) => {
      database.exec('PRAGMA synchronous = NORMAL');
      update.run(outcome, idempotencyKey);
    },
  };
}
