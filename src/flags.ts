import { readCommandLine, UsageError, wholeNumber } from './cli/command-line';
import { origin } from './config/values';
import { readWorkers } from './workers/number';

const USAGE = `Usage: npm start -- [options]          (the built program: node dist/main.js [options])

Without --config this is the demo: emulated vendors, seeded data, no network, nothing kept.

  --config FILE         serves the accounts of this configuration file
  --check               checks the configuration, prints every mistake, and exits with 0 or 1
  --connect             with --check: also tries storage, Redis, the key set and one read of each account
  --host HOST           listens on this host or address instead of server.host
  --port PORT           listens on this port instead of server.port
  --cors-origin ORIGIN  lets pages of this origin call, beside server.corsOrigins; may be repeated
  --workers N           how many processes serve behind the port: 1 to 64, or auto (one per core); default 1
  -h, --help            prints this
  -v, --version         prints the version`;

/** What the command line says. */
export interface Flags {
  readonly config: string | undefined;
  readonly check: boolean;
  readonly connect: boolean;
  readonly host: string | undefined;
  readonly port: string | undefined;
  /** Origins beside those of the configuration. */
  readonly corsOrigins: readonly string[];
  /** How many processes are to serve. */
  readonly workers: number;
}

/** Reads the command line; ends the process where it has a mistake, or only asks for help. */
export const readFlags = (production: boolean): Flags =>
  readCommandLine(
    {
      usage: USAGE,
      options: {
        config: { type: 'string' },
        check: { type: 'boolean', default: false },
        connect: { type: 'boolean', default: false },
        host: { type: 'string' },
        port: { type: 'string' },
        'cors-origin': { type: 'string', multiple: true, default: [] },
        workers: { type: 'string' },
      },
    },
    ({ values }): Flags => {
      const { config, check, connect, host, port, workers, 'cors-origin': corsOrigins } = values;
      if (config === undefined && production)
        throw new UsageError('--config is missing: in production there is no demo.');
      if (config === undefined && check) throw new UsageError('--check needs --config.');
      if (connect && !check) throw new UsageError('--connect needs --check.');
      if (config === '' || host === '') throw new UsageError('--config and --host must not be empty.');
      if (port !== undefined) wholeNumber('port', port, 0, 65_535);
      if (!corsOrigins.every((each) => origin.safeParse(each).success))
        throw new UsageError(
          '--cors-origin must be an origin such as http://localhost:5173, without a path.',
        );
      const flags = { config, check, connect, host, port, corsOrigins, workers: readWorkers(workers) };
      if (config === undefined && flags.workers > 1)
        throw new UsageError(
          "--workers needs --config: the demo's vendors and its ledger live in one process.",
        );
      return flags;
    },
  );
