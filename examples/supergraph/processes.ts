import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** How a program is started: with Node.js, in this folder. */
export interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Programs that live and die together. */
export interface Processes {
  /** Starts one; resolves with the first that `ready` makes of all that it has printed so far. */
  start<T>(program: Program, ready: (printed: string) => T | undefined): Promise<T>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

/** `onLoss` is told of a program that ended although nobody asked it to, with what it had to say. */
export function createProcesses(onLoss: (reason: string) => void): Processes {
  const running: ChildProcess[] = [];
  let stopping = false;

  return {
    start: ({ name, args, env = {} }, ready) =>
      new Promise((resolve) => {
        // A group of its own: Ctrl-C reaches this program alone, which then ends the others in order.
        const child = spawn(process.execPath, args, {
          cwd: here,
          env: { ...process.env, ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
          detached: true,
        });
        running.push(child);
        let printed = '';
        const read = (chunk: Buffer) => {
          printed = (printed + chunk.toString()).slice(-100_000);
          const found = ready(printed);
          if (found !== undefined) resolve(found);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        child.once('exit', (code) => {
          if (!stopping) onLoss(`${name} has ended (${code ?? 'by a signal'}):\n${printed.slice(-2000)}`);
        });
      }),
    stop: async () => {
      stopping = true;
      // The gateway goes first, the vendors last: nobody's questions fall on deaf ears.
      for (const child of running.reverse()) await end(child);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const overdue = setTimeout(() => child.kill('SIGKILL'), 12_000);
  await ended;
  clearTimeout(overdue);
}
