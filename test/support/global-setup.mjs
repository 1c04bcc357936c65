/**
 * Runs once, before the first test file: compiles the program if its sources have changed, says where programs are, and
 * offers the servers that files share.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findProgram, PROGRAMS } from '../../scripts/programs.mjs';
import { openSharedServers } from './shared-servers.mjs';

const BUILD = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));

export default async function setUp() {
  const { status } = spawnSync(process.execPath, [BUILD], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The program does not compile.');
  for (const [name, { variable }] of Object.entries(PROGRAMS)) {
    const path = variable && findProgram(name);
    if (path) process.env[variable] = path;
  }
  const servers = await openSharedServers();
  process.env.ROLLCALL_TEST_SERVERS = servers.url;
  globalThis.rollcallTestServers = servers;
}
