import type { App } from '../app';
import { startDemo, welcome } from '../demo';
import type { Flags } from '../flags';
import type { Logger } from '../log';

/**
 * Starts the demo and prints what a newcomer needs. Where stdout is no terminal it holds JSON lines alone, so a program
 * finds the facts in the line `demo`, and a person finds them as plain text on stderr.
 */
export async function runDemo(log: Logger, flags: Flags, traced: boolean): Promise<App> {
  const running = await startDemo(log, { ...flags, traced });
  log.info({ url: running.url }, 'ready');
  const facts = welcome(running);
  const text = Object.entries(facts)
    .map(([name, fact]) => `\n${name}: ${typeof fact === 'string' ? fact : JSON.stringify(fact)}\n`)
    .join('');
  if (process.stdout.isTTY) process.stdout.write(text);
  else {
    log.info(facts, 'demo');
    process.stderr.write(text);
  }
  return running;
}
