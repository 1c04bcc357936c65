import {
  type DemoAccount,
  type Emulators,
  type SeenRequest,
  startEmulators,
  type VendorName,
} from '../../src/emulators/start';
import { closeAll } from './close-all';
import { EPOCH, type Rollcall, type RollcallOptions, startRollcall } from './start';
import { type Gate, openGate } from './request-gate';

/** How the app of a test differs from the demo. */
export interface AppOptions extends Omit<RollcallOptions, 'emulators'> {
  /** Vendor addresses that replace those of the emulators. */
  readonly addresses?: Partial<Record<VendorName, string>>;
  /** The configured accounts; all accounts of the emulators unless given. */
  readonly accounts?: Emulators['accounts'];
}

/** An app with a request gate in front of one of its vendors. */
export interface GatedApp {
  readonly rollcall: Rollcall;
  readonly gate: Gate;
}

/** Emulated vendors for a whole test file, reset to their seed after each test, and apps that are closed after their test. */
export interface VendorFixture {
  readonly emulators: Emulators;
  /** Starts an app with empty caches over the emulated vendors. */
  start(options?: AppOptions): Promise<Rollcall>;
  /** Starts an app with an open request gate in front of one vendor. */
  startGated(vendor: VendorName, options?: AppOptions): Promise<GatedApp>;
}

/** Registers the hooks that start, reset and close the vendors and apps of a test file. */
export function useVendorFixture(world?: RollcallOptions['world']): VendorFixture {
  let emulators: Emulators;
  let running: Rollcall[] = [];
  let gates: Gate[] = [];
  beforeAll(async () => {
    emulators = await startEmulators({ epoch: EPOCH, world: world ?? 'demo' });
  });
  afterEach(async () => {
    for (const gate of gates) gate.open();
    await closeAll(running, gates);
    [running, gates] = [[], []];
    emulators.reset();
  });
  afterAll(() => closeAll(emulators));

  const start: VendorFixture['start'] = async ({
    addresses = {},
    accounts = emulators.accounts,
    ...options
  } = {}) => {
    const vendors = { ...emulators.vendors };
    for (const vendor of VENDORS) vendors[vendor] = { baseUrl: addresses[vendor] ?? vendors[vendor].baseUrl };
    const rollcall = await startRollcall({ ...options, emulators: { ...emulators, accounts, vendors } });
    running.push(rollcall);
    return rollcall;
  };
  return {
    get emulators() {
      return emulators;
    },
    start,
    startGated: async (vendor, options = {}) => {
      const gate = await openGate(emulators[vendor].baseUrl);
      gates.push(gate);
      return { gate, rollcall: await start({ ...options, addresses: { [vendor]: gate.baseUrl } }) };
    },
  };
}

export const VENDORS: readonly VendorName[] = ['ecwid', 'softwareone', 'wix'];

/** The demo account of each vendor that tests inject faults into; each vendor has other accounts that stay healthy. */
export const FAILING_ACCOUNTS: Record<VendorName, string> = {
  ecwid: 'harbor-tea',
  softwareone: 'contoso',
  wix: 'harbour-cafe',
};

/** Finds an account of the emulators by its key. */
export function accountOf({ emulators }: Pick<Rollcall, 'emulators'>, key: string): DemoAccount {
  const account = emulators.accounts.find((each) => each.key === key);
  if (!account) throw new Error(`no account ${key}`);
  return account;
}

/** The requests that the vendor received with the credentials of this account. */
export function requestsOf(rollcall: Pick<Rollcall, 'emulators'>, key: string): SeenRequest[] {
  const account = accountOf(rollcall, key);
  const isSentForAccount = (request: SeenRequest): boolean => {
    if (account.vendor === 'ecwid') return request.path.includes(`/${account.storeId}/`);
    const { authorization } = request.headers;
    if (account.vendor === 'softwareone') return authorization === `Bearer ${account.token}`;
    const site = request.headers['wix-site-id'];
    return site === undefined ? authorization === account.apiKey : site === account.siteId;
  };
  return rollcall.emulators[account.vendor].requests.filter(isSentForAccount);
}

/** The read requests that the vendor received for this account. */
export const readsOf = (rollcall: Pick<Rollcall, 'emulators'>, key: string): SeenRequest[] =>
  requestsOf(rollcall, key).filter(({ method, path }) => method === 'GET' || path.endsWith('/sites/query'));
