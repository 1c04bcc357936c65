import { parseArgs } from 'node:util';
import { readWorkers } from './workers/number';

const USAGE = `Usage: rollcall [--config rollcall.yaml [--check] [--workers N]] [--host HOST] [--port PORT]

Without --config: the demo, over emulated vendors.
--check    validates the configuration, prints all that is wrong with it, and exits with 0 or 1.
--workers  how many processes serve behind the port: 1 to 64, or auto, which is one for each core. Default: 1.`;

/** What the command line says. */
export interface Flags {
  readonly config: string | undefined;
  readonly check: boolean;
  readonly host: string | undefined;
  readonly port: string | undefined;
  /** How many processes are to serve. */
  readonly workers: number;
}

/** Reads the command line; a mistake is told together with the usage. */
export function readFlags(fail: (message: string) => never): Flags {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string' },
        check: { type: 'boolean', default: false },
        host: { type: 'string' },
        port: { type: 'string' },
        workers: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    const { config, check, host, port, workers } = values;
    return { config, check, host, port, workers: readWorkers(workers) };
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}
