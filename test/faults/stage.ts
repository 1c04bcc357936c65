import {
  type DemoAccount,
  type Emulators,
  type SeenRequest,
  startEmulators,
  type VendorName,
} from '../../src/emulators/start';
import { EPOCH, type Rollcall, type RollcallOptions, startRollcall } from '../support/start';
import { type Gate, openGate } from './gate';

/** What a test wants different from the demo. */
export interface StageOptions extends Omit<RollcallOptions, 'emulators'> {
  /** Other addresses for vendors than their emulators'. */
  readonly addresses?: Partial<Record<VendorName, string>>;
  /** Other accounts than the world's. */
  readonly accounts?: Emulators['accounts'];
}

/** An app with a gate before one of its vendors. */
export interface Gated {
  readonly rollcall: Rollcall;
  readonly gate: Gate;
}

/** Vendors for a whole file, back at their seed for each test, and apps over them that end with their test. */
export interface Stage {
  readonly emulators: Emulators;
  /** An app over the stage's vendors that has seen nothing yet. */
  start(options?: StageOptions): Promise<Rollcall>;
  /** The same, with a gate before one vendor that stands open. */
  startGated(vendor: VendorName, options?: StageOptions): Promise<Gated>;
}

/** Sets the stage for the tests of a file. */
export function stageOn(world?: RollcallOptions['world']): Stage {
  let emulators: Emulators;
  let running: Rollcall[] = [];
  let gates: Gate[] = [];
  beforeAll(async () => {
    emulators = await startEmulators({ epoch: EPOCH, world: world ?? 'demo' });
  });
  afterEach(async () => {
    for (const gate of gates) gate.open();
    await Promise.all(running.map((rollcall) => rollcall.close()));
    await Promise.all(gates.map((gate) => gate.close()));
    [running, gates] = [[], []];
    emulators.reset();
  });
  afterAll(() => emulators.close());

  const start: Stage['start'] = async ({
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

/** The demo account of each vendor that gets into trouble; there are others of the same vendor beside it. */
export const IN_TROUBLE: Record<VendorName, string> = {
  ecwid: 'harbor-tea',
  softwareone: 'contoso',
  wix: 'harbour-cafe',
};

/** An account of the running world. */
export function accountOf({ emulators }: Pick<Rollcall, 'emulators'>, key: string): DemoAccount {
  const account = emulators.accounts.find((each) => each.key === key);
  if (!account) throw new Error(`no account ${key}`);
  return account;
}

/** What one account's vendor was asked for this account. */
export function askedOf(rollcall: Pick<Rollcall, 'emulators'>, key: string): SeenRequest[] {
  const account = accountOf(rollcall, key);
  const isOfIt = (request: SeenRequest): boolean => {
    if (account.vendor === 'ecwid') return request.path.includes(`/${account.storeId}/`);
    const { authorization } = request.headers;
    if (account.vendor === 'softwareone') return authorization === `Bearer ${account.token}`;
    const site = request.headers['wix-site-id'];
    return site === undefined ? authorization === account.apiKey : site === account.siteId;
  };
  return rollcall.emulators[account.vendor].requests.filter(isOfIt);
}

/** The same, without what was written. */
export const readsOf = (rollcall: Pick<Rollcall, 'emulators'>, key: string): SeenRequest[] =>
  askedOf(rollcall, key).filter(({ method, path }) => method === 'GET' || path.endsWith('/sites/query'));

/** Waits for something that other events bring about; a state that never comes fails the test. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never came about: ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
