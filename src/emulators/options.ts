import { parseArgs } from 'node:util';
import type { EmulatorOptions } from './start';

/** What the command line asks for. */
export interface CommandLine {
  readonly options: EmulatorOptions;
  readonly printConfig: boolean;
}

/** Reads the flags of `npm run emulators`; a mistake is an error that names its flag. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
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
  });
  const number = (
    flag: 'accounts' | 'staff-per-account' | 'latency-ms' | `${VendorPort}-port`,
    most: number,
  ) => {
    const text = values[flag];
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text) || Number(text) > most) {
      throw new RangeError(`--${flag} must be a whole number up to ${most}`);
    }
    return Number(text);
  };
  const port = (vendor: VendorPort) => number(`${vendor}-port`, 65_535) ?? 0;
  if (values.epoch !== undefined && Number.isNaN(Date.parse(values.epoch))) {
    throw new RangeError('--epoch must be an ISO 8601 instant');
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
