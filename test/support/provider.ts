import { Abort } from '../../src/abort';
import { Agent } from 'undici';
import { rememberPast } from '../../src/demo';
import { type Emulator, type Emulators, startEmulators } from '../../src/emulators/start';
import { openLedger } from '../../src/ledger/ledger';
import { createMetrics } from '../../src/metrics';
import type { Vendor } from '../../src/model';
import type { Page } from '../../src/pagination';
import type { Fields, Provider, Reading, WriteOptions } from '../../src/vendors/provider';
import { createCallBudget } from '../../src/vendors/call-budget';
import { createReading } from '../../src/vendors/reading';
import { createSharedReads } from '../../src/vendors/shared-reads';
import { startWindow } from '../../src/vendors/start-window';
import { alone } from '../../src/vendors/signals';
import { configOf, EPOCH } from './config';

/** The fields that an operation is taken to select; everything for a type that is left out. */
export function fieldsOf(selected: { readonly [type in keyof Fields]?: readonly string[] } = {}): Fields {
  const of = (type: keyof Fields): ReadonlySet<string> => new Set(selected[type] ?? EVERYTHING[type]);
  return {
    account: of('account'),
    staffMember: of('staffMember'),
    invite: of('invite'),
    role: of('role'),
    person: of('person'),
  };
}

const EVERYTHING: Record<keyof Fields, readonly string[]> = {
  account: ['id', 'vendor', 'externalId', 'name', 'status', 'url'],
  staffMember: [
    ...['id', 'externalId', 'name', 'email', 'avatarUrl', 'status', 'vendorStatus'],
    ...['roles', 'fullAccess', 'invite', 'joinedAt', 'lastLoginAt'],
  ],
  invite: [
    ...['id', 'externalId', 'email', 'staffMember', 'status', 'vendorStatus', 'roles'],
    ...['createdAt', 'expiresAt', 'expiresAtSource', 'acceptedAt'],
  ],
  role: ['id', 'name'],
  person: [],
};

const metrics = createMetrics({ connections: () => [], ledger: () => Promise.resolve(0) });

/** One operation's reading: what it asks twice is asked once, and nothing is kept for the next. */
export function reading(fields = fieldsOf()): Reading {
  const clock = Date.now;
  const shared = createSharedReads({ cacheTtl: 0, staleTtl: 0, clock, metrics, signals: alone });
  const end = new Abort();
  const operation = createReading({
    shared,
    clock,
    end,
    deadlineMs: 8000,
    fresh: true,
    calls: createCallBudget(Infinity),
  });
  operation.fields = fields;
  return operation;
}

/** A write in the vendor's own language, with all the time there is. */
export const plainly: WriteOptions = {
  language: null,
  timeoutMs: 8000,
  recordedAt: Date.parse(EPOCH),
  window: startWindow(24 * 3_600_000),
};

/** Vendors with accounts that can be connected to, one at a time, without an app around them. */
export interface Vendors {
  readonly emulators: Emulators;
  /** A provider that has seen nothing yet, and its vendor. `key` is an account of the world. */
  connect(
    key: string,
    limits?: Readonly<Record<string, string | number>>,
  ): { provider: Provider; vendor: Emulator; emulated: 'ecwid' | 'softwareone' | 'wix' };
  /** Back to the seed. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts the vendors and opens a memory with the world's past, for providers to be connected to. */
export async function startVendors(world?: { accounts: number; staffPerAccount: number }): Promise<Vendors> {
  const emulators = await startEmulators({ epoch: EPOCH, world: world ?? 'demo' });
  const clock = (): number => emulators.clock.now();
  const config = configOf(emulators);
  const { attempts, remembered, ...ledger } = await openLedger(config.storage, config.limits, clock);
  await rememberPast({ attempts, remembered, ...ledger }, emulators);
  const reads = new Agent();
  const writes = new Agent({ pipelining: 0 });

  return {
    emulators,
    connect: (key, limits = {}) => {
      const { accounts, limits: all, vendors } = configOf(emulators, { limits });
      const account = accounts.find(({ id }) => id === key);
      if (!account) throw new Error(`no account ${key}`);
      const provider = account.connect({
        account,
        transport: { reads, writes, limits: all, clock, metrics, signals: alone },
        baseUrl: vendors[account.vendor.toLowerCase()]?.baseUrl ?? '',
        memory: {
          remembered: () => remembered.ofAccount(key),
          lastSends: (localIds) => attempts.lastSends(key, localIds),
        },
        clock,
      });
      const emulated = EMULATED[account.vendor];
      return { provider, vendor: emulators[emulated], emulated };
    },
    reset: () => {
      emulators.reset();
    },
    close: async () => {
      await Promise.all([reads.destroy(), writes.destroy(), ledger.close(), emulators.close()]);
    },
  };
}

const EMULATED = { ECWID: 'ecwid', SOFTWAREONE: 'softwareone', WIX: 'wix' } as const satisfies Record<
  Vendor,
  string
>;

/** Every row of a list, page by page; a list that does not end fails the test. */
export async function walk<T>(
  first: number,
  read: (page: { first: number; after: string | null }) => Promise<Page<T>>,
): Promise<{ items: T[]; pages: Page<T>[] }> {
  const pages: Page<T>[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<T> = await read({ first, after });
    pages.push(page);
    if (!page.more) return { items: pages.flatMap(({ rows }) => rows.map(({ item }) => item)), pages };
    if (pages.length > 1000) throw new Error('the list does not end');
    // A page may be short or empty, but it must lead on.
    if (page.next === after) throw new Error('the list does not get on');
    after = page.next;
  }
}
