import type { Dispatcher } from 'undici';
import type { Abort } from '../../src/abort';
import { createDirectory } from '../../src/accounts';
import { INVITE_STATUSES } from '../../src/model';
import { createWrites, type Writes } from '../../src/invites/writes';
import type { Database } from '../../src/ledger/database';
import { createLedger, type Ledger } from '../../src/ledger/ledger';
import type { SendLimits } from '../../src/ledger/limits';
import { createMetrics } from '../../src/metrics';
import type { Account } from '../../src/model';
import { createCallBudget } from '../../src/vendors/call-budget';
import type { ConfiguredAccount } from '../../src/vendors/definition';
import { inTime } from '../../src/vendors/in-time';
import { MemoryFailure } from '../../src/vendors/outcome';
import type { Fields, Provider } from '../../src/vendors/provider';
import { createReading } from '../../src/vendors/reading';
import { createSharedReads } from '../../src/vendors/shared-reads';
import { alone } from '../../src/vendors/signals';

/** A process of the product, put together as `src/app.ts` does it, without its HTTP server. */
export interface Replica {
  readonly ledger: Ledger;
  /** The writes of one operation of this caller; `end` fires when the caller leaves. */
  operation(actor: string, end: Abort): { readonly writes: Writes; done(): void };
}

/** The limits that a history chooses; the others have no part in it. */
export interface ReplicaLimits extends SendLimits {
  readonly writeTimeout: number;
  readonly operationDeadline: number;
}

const metrics = createMetrics({ connections: () => [], ledger: () => Promise.resolve(0) });
const clock = (): number => Date.now();
/** Nothing is read in these histories that may be shared, so one serves them all. */
const shared = createSharedReads({ cacheTtl: 0, staleTtl: 0, clock, metrics, signals: alone });
const ALL: ReadonlySet<string> = new Set([...INVITE_STATUSES, 'status', 'email', 'roles']);
const fields: Fields = {
  account: new Set(),
  staffMember: new Set(),
  invite: ALL,
  role: new Set(),
  person: new Set(),
};

/** Opens a replica. */
export async function openReplica({
  accounts,
  database,
  transport,
  limits,
  report,
}: {
  readonly accounts: readonly ConfiguredAccount[];
  readonly database: Database;
  readonly transport: Dispatcher;
  readonly limits: ReplicaLimits;
  readonly report: (error: unknown) => void;
}): Promise<Replica> {
  const ledger = await createLedger(database, limits, clock, accounts);
  const providers = new Map<string, Provider>();
  const provider = ({ id }: Account): Provider => {
    const account = accounts.find((each) => each.id === id);
    if (!account) throw new Error('an account without a provider');
    const made = providers.get(id) ?? connect(account, ledger, transport, limits);
    providers.set(id, made);
    return made;
  };
  const directory = createDirectory(accounts);
  const underWay = new Set<Promise<unknown>>();

  return {
    ledger,
    operation: (actor, end) => {
      const calls = createCallBudget(500);
      const reading = createReading({
        ...{ shared, clock, end, calls, fresh: false },
        deadlineMs: limits.operationDeadline,
      });
      reading.fields = fields;
      reading.begin();
      const writes = createWrites({
        ...{ provider, ledger, limits, reading, actor, clock, metrics, report, underWay },
        accounts: directory({ tenant: null, accounts: null, subject: actor, scopes: 'ALL' }),
        takeCall: () => calls.take(),
        forget: ({ id }) => {
          reading.forget(id);
        },
        onEnd: () => undefined,
      });
      return {
        writes,
        done: () => {
          reading.done();
        },
      };
    },
  };
}

function connect(
  account: ConfiguredAccount,
  { remembered, attempts }: Ledger,
  dispatcher: Dispatcher,
  { writeTimeout }: ReplicaLimits,
): Provider {
  const limits = { readTimeout: 3000, writeTimeout, responseBytes: 1 << 20, concurrencyPerAccount: 8 };
  return account.connect({
    account,
    transport: { reads: dispatcher, writes: dispatcher, limits, clock, metrics, signals: alone },
    baseUrl: 'https://vendor.test',
    memory: {
      remembered: (signal) => inTime(signal, remembered.ofAccount(account.id).catch(forgotten)),
      lastSends: (ids, signal) => inTime(signal, attempts.lastSends(account.id, ids).catch(forgotten)),
    },
    clock,
  });
}

function forgotten(cause: unknown): never {
  throw new MemoryFailure('The ledger cannot be read.', { cause });
}
