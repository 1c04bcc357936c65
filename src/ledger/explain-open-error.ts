import { statSync } from 'node:fs';
import { codeOf, explainNetworkError } from '../lib/network-errors';
import type { Storage } from './database';

const POSTGRES: Readonly<Record<string, string>> = {
  '3D000': 'the server has no database of that name: create it first',
  '28P01': 'the server refuses the user or the password',
  '28000':
    'the server refuses the user: it has no such role, or its pg_hba.conf does not let it in from here or without TLS',
  '42501': 'the user has no right to create or change tables',
  '3F000': 'the database has no schema to create tables in',
  '25006': 'the server is read-only, as a standby is',
  '53100': "the server's disk is full",
  '53300': 'the server has no connection left',
  '57P03': 'the server is starting up or shutting down',
  '57014': 'the server does not answer in time',
  '55P03': 'another process holds the tables',
};

/** Errors of the driver itself, which have no code. */
const POSTGRES_MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/does not support SSL/i, 'the server does not offer TLS, which the address asks for'],
  [/establishing an SSL connection/i, 'the server and this process cannot agree on TLS'],
  [/password must be a (non-empty )?string/i, 'the server asks for a password, and the address has none'],
  [/timeout/i, 'the server does not answer in time'],
  [/terminated unexpectedly/i, 'the server closed the connection: it may not be PostgreSQL'],
];

const FILE: Readonly<Record<string, string>> = {
  EACCES: 'the folder or the file may not be written by this user',
  EPERM: 'the folder or the file may not be written by this user',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path to the file is no folder',
  EEXIST: 'a part of the path to the file is no folder',
  ENOENT: 'the folder cannot be made',
  SQLITE_CANTOPEN: 'the file cannot be opened or created by this user',
  SQLITE_READONLY: 'the folder or the file may not be written by this user',
  SQLITE_PERM: 'the folder or the file may not be written by this user',
  SQLITE_NOTADB: 'the file is not an SQLite database',
  SQLITE_CORRUPT: 'the file is damaged',
  SQLITE_FULL: 'the disk is full',
  SQLITE_IOERR: 'the disk cannot be read or written',
  SQLITE_BUSY: 'another process holds the file',
  SQLITE_LOCKED: 'another process holds the file',
};

/** Why a storage cannot be opened, after `storage: `; never a part of its address, which may hold a password. */
export function explainOpenError(error: unknown, storage: Storage): string {
  if (String((error as { message?: unknown }).message).startsWith('corrupted migrations'))
    return 'was changed by a newer version of Rollcall';
  const reason = storage.kind === 'postgres' ? ofPostgres(error) : ofFile(error, storage);
  const code = codeOf(error);
  return `cannot be opened${reason ? `: ${reason}` : ''}${code && !reason?.endsWith(')') ? ` (${code})` : ''}`;
}

function ofPostgres(error: unknown): string | null {
  const { syscall } = error as { syscall?: string };
  const code = codeOf(error) ?? '';
  if (syscall === 'open') return 'a certificate or key file that the address names cannot be read';
  if (syscall === 'connect' && (code === 'ENOENT' || code === 'EACCES'))
    return 'its socket is not there, or may not be used by this user';
  const known = POSTGRES[code] ?? explainNetworkError(error);
  if (known !== null) return known;
  const message = String((error as { message?: unknown }).message);
  return POSTGRES_MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}

function ofFile(error: unknown, storage: Exclude<Storage, { kind: 'postgres' }>): string | null {
  if (storage.kind === 'sqlite' && isFolder(storage.file)) return 'the path names a folder, not a file';
  const code = codeOf(error) ?? numberedCode(error) ?? '';
  // SQLite's extended codes begin with the plain one: SQLITE_READONLY_DIRECTORY.
  return FILE[code] ?? FILE[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? ''] ?? null;
}

/** libsql gives only SQLite's number, at the end of the text, where it cannot even open the file. */
function numberedCode(error: unknown): string | null {
  const [, number = ''] = /: (\d{1,2})\W*$/.exec(String((error as { message?: unknown }).message)) ?? [];
  return (
    { 8: 'SQLITE_READONLY', 10: 'SQLITE_IOERR', 13: 'SQLITE_FULL', 14: 'SQLITE_CANTOPEN' }[number] ?? null
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
