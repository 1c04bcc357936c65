import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { programPath } from './program-path';
import { sharedServer } from './shared-server';

const FLAGS = JSON.parse(readFileSync(join(__dirname, 'chromium-flags.json'), 'utf8')) as string[];

/** A machine without internet: every name but this machine's own is unknown. */
export const OFFLINE = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

/** A real Chromium without a window and without internet, the one that all test files share. */
export async function openBrowser(): Promise<Browser> {
  const address = await sharedServer('chromium');
  return address === undefined ? launchBrowser(OFFLINE) : chromium.connect(address, { timeout: 0 });
}

/** A Chromium of its own; `hosts` are Chromium's rules for resolving host names. */
export function launchBrowser(hosts: string): Promise<Browser> {
  const executablePath = programPath('Chromium', 'CHROMIUM');
  return chromium.launch({ executablePath, args: [...FLAGS, `--host-resolver-rules=${hosts}`], timeout: 0 });
}
