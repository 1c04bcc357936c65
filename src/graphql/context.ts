import { setMaxListeners } from 'node:events';
import type { Directory, Viewer, VisibleAccounts } from '../accounts';
import type { Clock } from '../clock';
import type { InputMistake } from '../invites/request';
import { type ResendMany, resendMany } from '../invites/resend-many';
import type { SendResult } from '../invites/result';
import { type Revealed, revealLink } from '../invites/reveal';
import { createSend, type Send } from '../invites/send';
import type { Ledger } from '../ledger/ledger';
import type { SendLimits } from '../ledger/limits';
import { createLoaders, type Loaders } from '../loaders';
import type { Account } from '../model';
import type { Fields, Provider, Reading } from '../vendors/provider';

/** What every resolver is given: one viewer's view, made anew for each operation. */
export interface Context {
  readonly viewer: Viewer;
  readonly accounts: VisibleAccounts;
  /** The way to an account's vendor. */
  readonly provider: (account: Account) => Provider;
  readonly loaders: Loaders;
  readonly send: Send;
  readonly resendMany: (request: ResendMany) => Promise<SendResult[] | InputMistake>;
  readonly revealLink: (inviteId: string) => Promise<Revealed>;
  /** Tells which fields the operation selects: known once it is parsed, and before anything is read. */
  readonly select: (fields: Fields) => void;
}

/** What all operations of this process share. */
export interface ContextParts {
  readonly directory: Directory;
  readonly provider: (account: Account) => Provider;
  readonly ledger: Ledger;
  readonly limits: SendLimits & { readonly operationDeadline: number };
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/** Makes the context of one operation; `gone` fires when its caller has left. */
export function createContext(parts: ContextParts, viewer: Viewer, gone: AbortSignal): Context {
  const accounts = parts.directory(viewer);
  const reading = createReading(gone, parts.limits.operationDeadline);
  const shared = { ...parts, accounts, reading };
  const loaders = createLoaders(shared);
  const writes = {
    ...shared,
    actor: viewer.subject ?? '',
    forget: () => {
      reading.forget();
      for (const loader of [loaders.invite, loaders.staffMember, loaders.attempts, loaders.actions])
        loader.clearAll();
    },
  };
  return {
    viewer,
    accounts,
    provider: parts.provider,
    loaders,
    send: createSend(writes),
    resendMany: (request) => resendMany(createSend(writes), request),
    revealLink: (inviteId) => revealLink(writes, inviteId),
    select: (fields) => {
      reading.fields = fields;
    },
  };
}

const NOTHING: Fields = {
  account: new Set(),
  staffMember: new Set(),
  invite: new Set(),
  role: new Set(),
  person: new Set(),
};

function createReading(gone: AbortSignal, deadlineMs: number): Reading & { fields: Fields; forget(): void } {
  const end = performance.now() + deadlineMs;
  const signal = AbortSignal.any([gone, AbortSignal.timeout(deadlineMs)]);
  // Every vendor call of the operation listens to it.
  setMaxListeners(0, signal);
  const asked = new Map<string, Promise<unknown>>();
  return {
    fields: NOTHING,
    signal,
    timeLeft: () => Math.max(end - performance.now(), 0),
    once: <T>(key: string, ask: () => Promise<T>): Promise<T> => {
      const known = asked.get(key) as Promise<T> | undefined;
      if (known) return known;
      const answer = ask();
      asked.set(key, answer);
      answer.catch(() => asked.delete(key));
      return answer;
    },
    forget: () => {
      asked.clear();
    },
  };
}
