/** Runs commands as named steps, also several at a time, and says how each ended and how long it took. */
import { spawn } from 'node:child_process';

/** Steps that run in a folder. `step` resolves to whether the command succeeded; `failedSteps` has the names of the others. */
export function createSteps(folder) {
  const failedSteps = [];

  async function run(name, stdio, command, args) {
    const output = [];
    const start = performance.now();
    process.stdout.write(`── ${name} …\n`);
    const code = await new Promise((resolve) => {
      const child = spawn(command, args, { cwd: folder, stdio: ['ignore', stdio, stdio] });
      child.stdout?.on('data', (chunk) => output.push(chunk));
      child.stderr?.on('data', (chunk) => output.push(chunk));
      child.on('error', (error) => resolve(error.message));
      child.on('close', resolve);
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const state = code === 0 ? 'passed' : `failed (${code})`;
    process.stdout.write(`${Buffer.concat(output)}── ${name}: ${state} in ${seconds} s\n`);
    if (code !== 0) failedSteps.push(name);
    return code === 0;
  }

  /** Shows the command's output in one piece, when it has ended: other steps run beside it. */
  const step = (name, command, ...args) => run(name, 'pipe', command, args);
  /** Shows it as it comes. */
  step.live = (name, command, ...args) => run(name, 'inherit', command, args);
  return { step, failedSteps };
}
