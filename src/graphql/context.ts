import { setMaxListeners } from 'node:events';
import type { Directory, Viewer, VisibleAccounts } from '../accounts';
import type { Clock } from '../clock';
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
  const reading = createReading(AbortSignal.any([gone, AbortSignal.timeout(parts.limits.operationDeadline)]));
  const shared = { ...parts, accounts, reading };
  const loaders = createLoaders(shared);
  return {
    viewer,
    accounts,
    provider: parts.provider,
    loaders,
    send: createSend({
      ...shared,
      actor: viewer.subject ?? '',
      forget: () => {
        reading.forget();
        loaders.invite.clearAll();
        loaders.staffMember.clearAll();
        loaders.attempts.clearAll();
        loaders.actions.clearAll();
      },
    }),
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

function createReading(signal: AbortSignal): Reading & { fields: Fields; forget(): void } {
  // Every vendor call of the operation listens to it.
  setMaxListeners(0, signal);
  const asked = new Map<string, Promise<unknown>>();
  return {
    fields: NOTHING,
    signal,
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
