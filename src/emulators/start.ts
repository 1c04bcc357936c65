import type { DemoAccount } from './accounts';
import { createClock, midnight } from './clock';
import { createEcwid } from './ecwid/vendor';
import type { Emulator, EmulatorClock, VendorName } from './emulator';
import { createEmulator, type RunningEmulator } from './shell/create-emulator';
import type { SendMail, Vendor } from './shell/vendor';
import { createSoftwareOne } from './softwareone/vendor';
import { createWix } from './wix/vendor';
import { demoWorld } from './world/demo';
import { scaledWorld, type Scale } from './world/scaled';
import type { Remembered } from './world/world';

export type { DemoAccount, EcwidAccount, SoftwareOneAccount, WixAccount } from './accounts';
export type {
  Emulator,
  EmulatorClock,
  InviteDeed,
  InviteHook,
  Mail,
  SeenRequest,
  VendorName,
} from './emulator';
export type { EcwidStaffRow } from './ecwid/model';
export type { BodyChange, Fault, FaultKind, FaultScope } from './faults/fault';
export type { WixSiteInvite } from './wix/model';

/** How the emulators are started. */
export interface EmulatorOptions {
  /** What the vendors contain: the demo world, or one made to measure with so many accounts per vendor. Default 'demo'. */
  world?: 'demo' | Scale;
  /** The instant the world's dates are relative to, and where the clock starts. Default: midnight UTC of today, and real time. */
  epoch?: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any that is free. */
  ports?: Partial<Record<VendorName, number>>;
  /** Added to every vendor answer. */
  latencyMs?: number;
}

/** The three vendors, running. */
export interface Emulators extends Record<VendorName, Emulator> {
  /** Shared by the three. */
  clock: EmulatorClock;
  /** In the shape of a configuration file's `accounts:`. */
  accounts: DemoAccount[];
  /** In the shape of a configuration file's `vendors:`. */
  vendors: Record<VendorName, { baseUrl: string }>;
  /** What the demo's API is taken to have done itself, earlier. */
  remembered: Remembered;
  /** Back to the seed: data, requests, mails, faults, clock. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts the three vendors on loopback over one seeded world and one clock. */
export async function startEmulators(options: EmulatorOptions = {}): Promise<Emulators> {
  const epoch = options.epoch === undefined ? null : Date.parse(options.epoch);
  if (epoch !== null && Number.isNaN(epoch))
    throw new RangeError(`epoch is not an instant: ${String(options.epoch)}`);
  const clock = createClock(epoch);
  const dawn = epoch ?? midnight();
  const { world: wanted = 'demo' } = options;
  const world = wanted === 'demo' ? demoWorld(dawn) : scaledWorld(dawn, wanted);

  const running: RunningEmulator[] = [];
  const reset = () => {
    clock.reset();
    for (const emulator of running) emulator.reset();
  };
  const close = async () => {
    await Promise.all(running.map((emulator) => emulator.close()));
  };
  async function start(name: VendorName, make: (sendMail: SendMail) => Vendor): Promise<RunningEmulator> {
    const { host = '127.0.0.1', ports, latencyMs = 0 } = options;
    const emulator = await createEmulator({
      make,
      clock,
      host,
      port: ports?.[name] ?? 0,
      latencyMs,
      resetAll: reset,
    });
    running.push(emulator);
    return emulator;
  }

  try {
    const ecwid = await start('ecwid', (sendMail) => createEcwid(world.ecwid, sendMail));
    const softwareone = await start('softwareone', (sendMail) =>
      createSoftwareOne(world.softwareone, clock, sendMail),
    );
    const wix = await start('wix', (sendMail) => createWix(world.wix, clock, sendMail));
    const at = ({ baseUrl }: Emulator) => ({ baseUrl });
    const vendors = { ecwid: at(ecwid), softwareone: at(softwareone), wix: at(wix) };
    const { accounts, remembered } = world;
    return { ecwid, softwareone, wix, clock, accounts, vendors, remembered, reset, close };
  } catch (error) {
    // A port that is taken must not leave the others running.
    await close();
    throw error;
  }
}
