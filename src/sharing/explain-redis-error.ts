import { codeOf, explainNetworkError } from '../lib/network-errors';

/** The words with which Redis begins a refusal. */
const REFUSALS: Readonly<Record<string, string>> = {
  WRONGPASS: 'it refuses the user or the password',
  NOAUTH: 'it asks for a password, and the address has none',
  NOPERM: 'the user may not run a command or use a key or channel that is needed',
  READONLY: 'it is a replica, which cannot be written to',
  MISCONF: 'it refuses writes, because it cannot save to its disk',
  OOM: 'its memory is full',
  LOADING: 'it is still loading its data',
  MASTERDOWN: 'it is a replica without its primary',
  CLUSTERDOWN: 'its cluster is down',
  MOVED: 'it is a cluster, which is not supported',
  NOPROTO: 'it is older than Redis 6',
  DENIED: 'it is in protected mode, and lets in this machine alone',
};

/** Refusals that begin with ERR, by what follows. */
const ERR: readonly (readonly [RegExp, string])[] = [
  [/without any password configured/, 'the address has a password, and it asks for none'],
  [/DB index|invalid DB/i, 'it has no database of that number'],
  [/max number of clients/, 'it has no connection left'],
  [/unknown command/, 'it does not know a command that is needed: it may be older than Redis 6'],
];

/** A short word for a failure of Redis, and what it means; no part of Redis' own text, which may quote a secret. */
export function explainRedisError(error: unknown): { cause: string; reason: string } {
  const { name, message } = error as { name?: unknown; message?: unknown };
  const text = String(message);
  const code = codeOf(error);
  const word = /^-?([A-Z]{2,20})\b/.exec(text)?.[1];
  if (code !== null)
    return { cause: code, reason: explainNetworkError(error) ?? `the connection fails (${code})` };
  if (word === 'ERR') {
    const known = ERR.find(([pattern]) => pattern.test(text))?.[1];
    return { cause: word, reason: known ?? 'it refuses a command' };
  }
  if (word !== undefined) return { cause: word, reason: REFUSALS[word] ?? 'it refuses a command' };
  if (/socket closed|closed unexpectedly|disconnect/i.test(`${String(name)} ${text}`))
    return { cause: 'CLOSED', reason: 'it closed the connection' };
  if (/timeout/i.test(`${String(name)} ${text}`))
    return { cause: 'TIMEOUT', reason: 'it does not answer in time' };
  return { cause: 'PROTOCOL', reason: 'what answers there does not speak as Redis does' };
}
