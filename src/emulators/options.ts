import { parseCommandLine, UsageError, wholeNumber } from '../cli/command-line';
import type { EmulatorOptions } from './start';

/** What the command line asks for. */
export interface CommandLine {
  readonly options: EmulatorOptions;
  readonly printConfig: boolean;
}

/** `npm run emulators`. */
export const emulatorsCommand = {
  usage: `Usage: npm run emulators -- [options]

Starts the three emulated vendors on loopback, until Ctrl-C, and prints their addresses as one line of JSON.

  --accounts N            a world of so many accounts instead of the demo's
  --staff-per-account N   how many staff each of them has; default: 50
  --latency-ms N          how long every answer takes
  --ecwid-port PORT       likewise --softwareone-port, --wix-port; default: any free one
  --host HOST             listens on this host; default: 127.0.0.1
  --epoch INSTANT         the vendors' clock starts at this ISO 8601 instant
  --print-config          also prints vendors: and accounts: for a rollcall.yaml
  -h, --help              prints this
  -v, --version           prints the version`,
  options: {
    accounts: { type: 'string' },
    'staff-per-account': { type: 'string' },
    'latency-ms': { type: 'string' },
    'ecwid-port': { type: 'string' },
    'softwareone-port': { type: 'string' },
    'wix-port': { type: 'string' },
    host: { type: 'string' },
    epoch: { type: 'string' },
    'print-config': { type: 'boolean', default: false },
  },
} as const;

/** Reads the flags of `npm run emulators`; throws a `UsageError` that names the flag of a mistake. */
export const readCommandLine = (args: readonly string[]): CommandLine =>
  toCommandLine(parseCommandLine(emulatorsCommand, args));

/** What the flags ask for. */
export function toCommandLine({
  values,
}: ReturnType<typeof parseCommandLine<(typeof emulatorsCommand)['options']>>): CommandLine {
  const number = (
    flag: 'accounts' | 'staff-per-account' | 'latency-ms' | `${VendorPort}-port`,
    most: number,
  ) => {
    const text = values[flag];
    return text === undefined ? undefined : wholeNumber(flag, text, 0, most);
  };
  const port = (vendor: VendorPort) => number(`${vendor}-port`, 65_535) ?? 0;
  if (values.epoch !== undefined && Number.isNaN(Date.parse(values.epoch))) {
    throw new UsageError('--epoch must be an ISO 8601 instant.');
  }

  const accounts = number('accounts', 9999);
  const staffPerAccount = number('staff-per-account', 1_000_000);
  const scaled = accounts !== undefined || staffPerAccount !== undefined;
  return {
    printConfig: values['print-config'],
    options: {
      world: scaled ? { accounts: accounts ?? 1, staffPerAccount: staffPerAccount ?? 50 } : 'demo',
      ports: { ecwid: port('ecwid'), softwareone: port('softwareone'), wix: port('wix') },
      latencyMs: number('latency-ms', 600_000) ?? 0,
      ...(values.host === undefined ? {} : { host: values.host }),
      ...(values.epoch === undefined ? {} : { epoch: values.epoch }),
    },
  };
}

type VendorPort = 'ecwid' | 'softwareone' | 'wix';
