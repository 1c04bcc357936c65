import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

it.each([0, 1])(
  'broken pipe: the process exits when its log is no longer read: exit code %i',
  async (code) => {
    const log = resolve(__dirname, '..', '..', 'dist', 'log.js');
    const program = `
    const { createLog, openLog } = require(${JSON.stringify(log)});
    const log = createLog(openLog());
    process.stdin.on('end', () => { log.info('last words'); process.exit(${code}); }).resume();
    log.info('first words');
  `;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await once(child.stdout, 'close');
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([code, null]);
  },
);
