import type { Flags } from '../flags';
import { readSettings } from './read-settings';

/** `--check`: every mistake of the configuration, and with `--connect` of what it names; sets the exit code. */
export async function check(file: string, flags: Flags): Promise<void> {
  const config = readSettings(file, flags);
  process.stdout.write('The configuration is valid.\n');
  if (!flags.connect) return;
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const { checkConnections } = await import('./check-connect.js');
  const { works, problems } = await checkConnections(config, say);
  problems.forEach(say);
  if (works.length > 0) process.stdout.write(`Tried and good: ${works.join(', ')}.\n`);
  if (problems.length === 0) return;
  say(problems.length === 1 ? '1 problem.' : `${problems.length} problems.`);
  process.exitCode = 1;
}
