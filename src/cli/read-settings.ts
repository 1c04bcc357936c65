import { type Config, ConfigError, loadConfig } from '../config';
import type { Flags } from '../flags';
import type { Logger } from '../log';
import { everySecond } from './progress';

/** Reads the configuration, with what the command line says over it; logs progress where that takes over a second. */
export function readSettings(file: string, flags: Flags, log: Logger | null = null): Config {
  const report = everySecond((read: number, files: number) => {
    log?.info({ read, files }, 'reading accounts');
  });
  const config = loadConfig(file, process.env, flags, report);
  if (flags.workers > 1 && config.storage.kind === 'memory')
    throw new ConfigError([
      {
        path: 'storage',
        problem: 'memory: is for one process: of several, each would forget what the others have sent',
      },
    ]);
  return config;
}
