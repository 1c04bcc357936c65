/**
 * Runs the fast test files (see fastTestFiles in test-files.mjs), for the inner loop. What follows goes to jest.
 *
 *   npm run test:fast
 *   npm run test:fast -- --watch
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fastTestFiles, jest } from './test-files.mjs';

const args = [...jest, ...process.argv.slice(2), '--runTestsByPath', ...fastTestFiles()];
spawn(process.execPath, args, { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit' }).on(
  'close',
  (code) => {
    process.exitCode = code ?? 1;
  },
);
