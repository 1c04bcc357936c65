import { readCommandLine } from '../cli/command-line';
import { explainListenError } from '../cli/explain-error';
import { emulatorsCommand, toCommandLine } from './options';
import { configFragment } from './print-config';
import { startEmulators } from './start';

/**
 * `npm run emulators`: the three vendors on loopback until SIGINT or SIGTERM. Prints their addresses as one line
 * of JSON; `--print-config` adds the part of a configuration file that points at them.
 */
async function main(): Promise<void> {
  const { options, printConfig } = readCommandLine(emulatorsCommand, toCommandLine);
  const emulators = await startEmulators(options);
  const { vendors, accounts } = emulators;
  process.stdout.write(`${JSON.stringify({ msg: 'ready', vendors, accounts: accounts.length })}\n`);
  if (printConfig) process.stdout.write(configFragment(emulators));
  const stop = () => {
    void emulators.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const listening = explainListenError(error, {
    port: '--ecwid-port, --softwareone-port or --wix-port',
    host: '--host',
  });
  process.stderr.write(`${listening ?? (error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
});
