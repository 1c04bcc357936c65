import { ConfigError } from '../config';

/** Why a listening socket was refused; the reasons that a person can mend. */
const LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be used by this user: ports below 1024 need rights',
};

const HOST: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'is not an address of this machine',
  EINVAL: 'is not an address that can be listened on',
  ENOTFOUND: 'is not a known host name',
  EAI_AGAIN: 'cannot be looked up: the name service does not answer',
  EAFNOSUPPORT: 'is of a kind of address that this machine does not have',
};

/** Why the process cannot start, for a person: where the trouble is and how to mend it, without a stack or a secret. */
export function explainStartError(error: unknown): string {
  if (error instanceof ConfigError) return `The configuration has mistakes:\n${error.message}`;
  const listening = explainListenError(error, {
    port: '--port or server.port',
    host: '--host or server.host',
  });
  if (listening !== null) return listening;
  const { code } = error as { code?: string };
  return `Rollcall could not start: ${error instanceof Error ? error.name : 'unknown error'}${code ? ` (${code})` : ''}.`;
}

/** Why a process cannot listen, and with what to choose another port or host; null where that is not the trouble. */
export function explainListenError(error: unknown, options: { port: string; host: string }): string | null {
  const { code = '', port, syscall } = error as { code?: string; port?: number; syscall?: string };
  const listening = LISTENING[code];
  if (listening !== undefined && port !== undefined)
    return `Port ${port} ${listening}; choose another with ${options.port}.`;
  const host = syscall === 'listen' || syscall === 'getaddrinfo' ? HOST[code] : undefined;
  return host === undefined ? null : `The host ${host} (${code}); choose another with ${options.host}.`;
}
