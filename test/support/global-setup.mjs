/** Runs once, before the first test file: says where programs are, and offers the servers that files share. */
import { findProgram, PROGRAMS } from '../../scripts/programs.mjs';
import { openSharedServers } from './shared-servers.mjs';

export default async function setUp() {
  for (const [name, { variable }] of Object.entries(PROGRAMS)) {
    const path = variable && findProgram(name);
    if (path) process.env[variable] = path;
  }
  const servers = await openSharedServers();
  process.env.ROLLCALL_TEST_SERVERS = servers.url;
  globalThis.rollcallTestServers = servers;
}
