/** Processes: started on a core of their own, watched from outside through /proc, ended by their id. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const hasTaskset = spawnSync('taskset', ['-V']).status === 0;

/** Whether the measured server has a core to itself, and the vendors and the load another. */
export const pinned = hasTaskset && availableParallelism() > 1;

/** The core of the measured server, and that of everything else. */
export const CORES = { server: '0', rest: `1-${availableParallelism() - 1}` };

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Starts a Node.js program, on the given core where processes can be pinned. */
export function start(core, args, { env = {}, stdio = ['ignore', 'ignore', 'inherit'] } = {}) {
  const command = [process.execPath, ...args];
  const [program, ...rest] = pinned ? ['taskset', '-c', core, ...command] : command;
  const child = spawn(program, rest, { stdio, env: { ...process.env, NODE_ENV: 'production', ...env } });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

/** Ends a process, kindly if it lets itself. */
export async function stop(child, seconds = 3) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  await ended;
  clearTimeout(late);
}

/** Waits until something listens on the port; fails when the process has ended. */
export async function listening(child, port, seconds = 120) {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    if (child.exitCode !== null)
      throw new Error(`A process ended with ${child.exitCode} before it listened.`);
    if (await answers(port)) return;
    await delay(10);
  }
  throw new Error(`Nothing listens on port ${port} after ${seconds} s.`);
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

const TICKS_PER_SECOND = 100;

/** CPU time of a process so far, in milliseconds: user and system, all threads. */
export function cpuMs({ pid }) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory in MiB: now, and the most there was. */
export function memoryMb({ pid }) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** How many files and sockets a process has open. */
export const handles = ({ pid }) => readdirSync(`/proc/${pid}/fd`).length;
