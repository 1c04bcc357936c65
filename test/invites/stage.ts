import { type Emulators, startEmulators, type VendorName } from '../../src/emulators/start';
import { EPOCH, type Rollcall, type RollcallOptions, startRollcall } from '../support/start';
import { behind, type Door, type HoldingDoor, openHoldingDoor } from './doors';
import { type Ledgers, openFiles } from './ledgers';

/** Vendors for a whole file, back at their seed for each test, and apps over them that end with their test. */
export interface Stage {
  readonly emulators: Emulators;
  /** An empty ledger's address. */
  storage(): Promise<string>;
  /** An app over the stage's vendors; on an empty ledger unless told otherwise. */
  start(options?: RollcallOptions): Promise<Rollcall>;
  /** The same, with a door before one vendor that keeps back its answers to these methods until it is released. */
  hold(
    vendor: VendorName,
    methods: readonly string[],
    options?: RollcallOptions,
  ): Promise<{ rollcall: Rollcall; door: HoldingDoor }>;
  /** Ends an app before its test does. */
  end(rollcall: Rollcall): Promise<void>;
  /** One app for all tests of the `describe` that write nothing: the clock goes back between tests. */
  shared(): Promise<Rollcall>;
}

/** Sets the stage for the tests of the surrounding `describe`. */
export function stageOn(open: () => Promise<Ledgers> = openFiles): Stage {
  let emulators: Emulators;
  let ledgers: Ledgers;
  let lasting: Rollcall | null = null;
  let running: Rollcall[] = [];
  let doors: Door[] = [];
  beforeAll(async () => {
    [emulators, ledgers] = await Promise.all([startEmulators({ epoch: EPOCH }), open()]);
  });
  afterEach(async () => {
    // Doors first: an app that closes waits for its vendors' answers.
    await Promise.all(doors.map((door) => door.close()));
    await Promise.all(running.map((rollcall) => rollcall.close()));
    running = [];
    doors = [];
    emulators.reset();
    if (!lasting) await ledgers.recycle();
  });
  afterAll(async () => {
    await lasting?.close();
    await Promise.all([emulators.close(), ledgers.close()]);
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
    hold: async (vendor, methods, options = {}) => {
      const door = await openHoldingDoor(emulators[vendor].baseUrl, methods);
      doors.push(door);
      return {
        door,
        rollcall: await start({ emulators: behind(emulators, vendor, door.baseUrl), ...options }),
      };
    },
    end: async (rollcall) => {
      running = running.filter((each) => each !== rollcall);
      await rollcall.close();
    },
    shared: async () => {
      lasting ??= await startRollcall({ emulators, storage: await ledgers.storage() });
      return lasting;
    },
  };
}
