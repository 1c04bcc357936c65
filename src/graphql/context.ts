import type { GraphQLError } from 'graphql';
import type { Directory, Viewer, VisibleAccounts } from '../accounts';
import type { Abort } from '../abort';
import type { Clock } from '../clock';
import { createWrites, type Writes } from '../invites/writes';
import type { Ledger } from '../ledger/ledger';
import type { SendLimits } from '../ledger/limits';
import { createLoaders, type Loaders } from '../loaders';
import type { Metrics } from '../metrics';
import type { Account } from '../model';
import { createCallBudget } from '../vendors/call-budget';
import type { Fields, Provider } from '../vendors/provider';
import { createReading } from '../vendors/reading';
import type { SharedReads } from '../vendors/shared-reads';
import { type AnswerMeter, createAnswerMeter } from './answer-meter';
import type { CachedOperation } from './operation-cache';

/** What every resolver is given: one viewer's view, made anew for each operation. */
export interface Context {
  readonly viewer: Viewer;
  /** Whether the request has the router's secret; null where there is none to have. */
  readonly router: boolean | null;
  readonly accounts: VisibleAccounts;
  /** The way to an account's vendor. */
  readonly provider: (account: Account) => Provider;
  readonly loaders: Loaders;
  /** Made when it is first asked for: queries write nothing. */
  readonly writes: () => Writes;
  /** Tells which fields the operation selects: known once it is parsed, and before anything is read. */
  readonly select: (fields: Fields) => void;
  /** The operation that is run; null until it is parsed. */
  operation: CachedOperation | null;
  /** The operation's variables, defaults filled in: known once it is parsed, and null if they are not what it declares. */
  variables: Readonly<Record<string, unknown>> | null;
  /** Why the variables are not what the operation declares; then it is answered with these errors and not executed. */
  variableErrors: readonly GraphQLError[];
  /** Counts what the answer holds. */
  readonly answer: AnswerMeter;
  readonly requestId: string;
  /** Ends the operation; tells how often it has asked vendors, and what became of its writes. */
  readonly done: () => { readonly vendorCalls: number; readonly writes: readonly string[] };
}

/** What all operations of this process share. */
export interface ContextParts {
  readonly directory: Directory;
  readonly provider: (account: Account) => Provider;
  readonly ledger: Ledger;
  readonly limits: SendLimits & {
    readonly operationDeadline: number;
    readonly softDeadline: number;
    readonly vendorCalls: number;
    readonly answerBytes: number;
    readonly writeTimeout: number;
  };
  readonly shared: SharedReads;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
  /** Writes that have begun and not ended: a process must not end before them. */
  readonly underWay: Set<Promise<unknown>>;
}

/** What tells one operation from another. */
export interface Caller {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** Fires when the caller has left; ends all that the operation reads. */
  readonly end: Abort;
  /** Whether the caller wants nothing that was kept. */
  readonly fresh: boolean;
  /** Whether the request has the router's secret; null where there is none to have. */
  readonly router: boolean | null;
}

/** Makes the context of one operation. */
export function createContext(
  parts: ContextParts,
  { viewer, requestId, end, fresh, router }: Caller,
): Context {
  const { shared, clock, limits } = parts;
  const accounts = parts.directory(viewer);
  const outcomes: string[] = [];
  const calls = createCallBudget(limits.vendorCalls);
  const reading = createReading({
    shared,
    clock,
    end,
    fresh,
    deadlineMs: limits.operationDeadline,
    calls,
  });
  const loaders = createLoaders({ ...parts, accounts, reading });
  let made: Writes | null = null;
  const writes = (): Writes =>
    (made ??= createWrites({
      ...parts,
      accounts,
      reading,
      takeCall: calls.take,
      actor: viewer.subject ?? '',
      onEnd: (verb, outcome) => outcomes.push(`${verb} ${outcome}`),
      forget: ({ id }) => {
        reading.forget(id);
        for (const loader of [loaders.invite, loaders.staffMember, loaders.attempts, loaders.actions])
          loader.clearAll();
      },
    }));
  return {
    viewer,
    operation: null,
    variables: null,
    variableErrors: [],
    answer: createAnswerMeter(limits.answerBytes),
    requestId,
    router,
    accounts,
    provider: parts.provider,
    loaders,
    writes,
    select: (fields) => {
      reading.fields = fields;
      reading.begin();
    },
    done: () => {
      reading.done();
      return { vendorCalls: calls.made, writes: outcomes };
    },
  };
}
