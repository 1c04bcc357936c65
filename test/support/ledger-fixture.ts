import { type Emulators, startEmulators, type VendorName } from '../../src/emulators/start';
import { closeAll } from './close-all';
import { EPOCH, type Rollcall, type RollcallOptions, startRollcall } from './start';
import { type HoldingProxy, openHoldingProxy, type VendorProxy, withVendorAt } from './vendor-proxy';
import { type LedgerPool, openSqliteLedgers } from './ledger-pool';

/** Emulated vendors and ledgers for a `describe`, reset after each test, and apps that are closed after their test. */
export interface LedgerFixture {
  readonly emulators: Emulators;
  /** The address of an empty ledger. */
  storage(): Promise<string>;
  /** Starts an app over the emulated vendors; with an empty ledger unless `storage` is given. */
  start(options?: RollcallOptions): Promise<Rollcall>;
  /** Starts an app behind a proxy that holds the responses of one vendor to these HTTP methods until it is released. */
  startWithHeldAnswers(
    vendor: VendorName,
    methods: readonly string[],
    options?: RollcallOptions,
  ): Promise<{ rollcall: Rollcall; door: HoldingProxy }>;
  /** Closes an app before the end of its test. */
  stop(rollcall: Rollcall): Promise<void>;
  /** One app for all tests of the `describe`, for tests that write nothing; the clock is reset between tests. */
  shared(): Promise<Rollcall>;
}

/** Registers the hooks that start, reset and close vendors, ledgers and apps for the surrounding `describe`. */
export function useLedgerFixture(open: () => Promise<LedgerPool> = openSqliteLedgers): LedgerFixture {
  let emulators: Emulators;
  let ledgers: LedgerPool;
  let lasting: Rollcall | null = null;
  let running: Rollcall[] = [];
  let doors: VendorProxy[] = [];
  beforeAll(async () => {
    [emulators, ledgers] = await Promise.all([startEmulators({ epoch: EPOCH }), open()]);
  });
  afterEach(async () => {
    // Proxies first: an app that closes waits for the responses of its vendors.
    await closeAll(doors, running);
    running = [];
    doors = [];
    emulators.reset();
    if (!lasting) await ledgers.recycle();
  });
  afterAll(async () => {
    await lasting?.close();
    await closeAll([emulators, ledgers]);
  });

  const start = async (options: RollcallOptions = {}): Promise<Rollcall> => {
    const storage = options.storage ?? (await ledgers.storage());
    const rollcall = await startRollcall({ emulators, ...options, storage });
    running.push(rollcall);
    return rollcall;
  };

  return {
    get emulators() {
      return emulators;
    },
    storage: () => ledgers.storage(),
    start,
    startWithHeldAnswers: async (vendor, methods, options = {}) => {
      const door = await openHoldingProxy(emulators[vendor].baseUrl, methods);
      doors.push(door);
      return {
        door,
        rollcall: await start({ emulators: withVendorAt(emulators, vendor, door.baseUrl), ...options }),
      };
    },
    stop: async (rollcall) => {
      running = running.filter((each) => each !== rollcall);
      await rollcall.close();
    },
    shared: async () => {
      lasting ??= await startRollcall({ emulators, storage: await ledgers.storage() });
      return lasting;
    },
  };
}
