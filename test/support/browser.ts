import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A machine without internet: every name but this machine's own is unknown. */
export const OFFLINE = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

/** A real Chromium without a window; `hosts` are Chromium's rules for resolving host names. */
export function launchBrowser(hosts: string = OFFLINE): Promise<Browser> {
  const script = join(__dirname, '..', '..', 'scripts', 'chromium.mjs');
  const executablePath = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath, args: [...FLAGS, `--host-resolver-rules=${hosts}`] });
}
