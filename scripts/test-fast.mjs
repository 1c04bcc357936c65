/**
 * Runs the test files that start no other process, for the inner loop. Whatever follows goes to jest.
 *
 *   npm run test:fast
 *   npm run test:fast -- --watch
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fastTestFiles, jest } from './test-files.mjs';

const args = [jest, ...process.argv.slice(2), '--runTestsByPath', ...fastTestFiles()];
spawn(process.execPath, args, { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit' }).on(
  'close',
  (code) => {
    process.exitCode = code ?? 1;
  },
);
