import type { Flags } from '../flags';
import type { Logger } from '../log';
import { startPrimary } from '../workers/primary';
import { readSettings } from './read-settings';
import { DRAIN_MS } from './shutdown';

/** Starts the workers that serve a configuration, and writes what they log. */
export function runPrimary(
  flags: Flags & { readonly config: string },
  log: Logger,
  lines: { write(text: string): unknown },
): void {
  const { accounts, server } = readSettings(flags.config, flags, log);
  startPrimary({
    count: flags.workers,
    log,
    write: (text) => {
      lines.write(text);
    },
    facts: { accounts: accounts.length },
    drainMs: server.drainDelay + DRAIN_MS,
  });
}
