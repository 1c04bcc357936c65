/**
 * Takes the pictures for the README, from the desk as it runs over the demo, into docs/screenshots/.
 *
 *   npm run invite-desk:screenshots
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { readCommandLine } from '../../dist/cli/command-line.js';
import { ensurePrograms } from '../../scripts/ensure-programs.mjs';
import { findProgram } from '../../scripts/programs.mjs';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const start = fileURLToPath(new URL('start.mjs', import.meta.url));
const { positionals } = readCommandLine({
  usage: `Usage: npm run invite-desk:screenshots -- [port]

Takes the pictures of the README into docs/screenshots/.

  port           where the desk is served meanwhile; default: 4174
  -h, --help     prints this
  -v, --version  prints the version`,
  options: {},
  positional: 'port',
});
const port = positionals[0] ?? '4174';
mkdirSync(folder, { recursive: true });
if ((await ensurePrograms(['chromium', 'fonts'])).length > 0) process.exit(1);

const desk = spawn(process.execPath, [start, '--app-port', port], { stdio: ['ignore', 'pipe', 'inherit'] });
const softwareone = await started();
const browser = await chromium.launch({
  executablePath: findProgram('chromium'),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  await light();
  await dark();
  await vendorDown();
} finally {
  await browser.close();
  desk.kill('SIGINT');
}

/** What a day at the desk looks like: one sent, one that nobody knows of. */
async function light() {
  await fault({ kind: 'lostAnswer', route: 'POST */AUSR-2750-9914-0364/resend-invite' });
  const page = await open('light', '');
  await page.getByRole('button', { name: /^Resend: nora\.vale/ }).click();
  await page.getByText('Requested.', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Resend: marek/ }).click();
  await page.getByText('Not known.', { exact: true }).waitFor();
  await page.mouse.move(0, 0);
  await shoot(page, 'invite-desk-light');
}

/** One person across vendors. */
async function dark() {
  const page = await open('dark', '#view=people&search=nora lind');
  await page.getByRole('button', { name: 'Nora Lind' }).first().click();
  await page.getByText('Member of').waitFor();
  await shoot(page, 'invite-desk-dark');
}

async function vendorDown() {
  await fault({ kind: 'status', status: 503, account: 'contoso' });
  const page = await open('light', '');
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByText('1 of 8 accounts').waitFor();
  await page.getByText('Connections of').click();
  await page.mouse.move(0, 0);
  await shoot(page, 'invite-desk-vendor-down');
}

async function open(colorScheme, hash) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 780 }, colorScheme });
  await page.goto(`http://localhost:${port}/${hash}`);
  await page.locator('.roll[aria-busy=false]').waitFor();
  return page;
}

async function shoot(page, name) {
  const path = `${folder}${name}.png`;
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
}

function fault(body) {
  return fetch(`${softwareone}/__emulator/faults`, { method: 'POST', body: JSON.stringify(body) });
}

/** Waits until the desk runs; resolves with the address of the emulated SoftwareOne. */
async function started() {
  let said = '';
  desk.stdout.on('data', (text) => {
    said += text;
  });
  const ended = once(desk, 'exit').then(() => {
    throw new Error('The desk did not start.');
  });
  while (!said.includes('Invite desk:')) await Promise.race([once(desk.stdout, 'data'), ended]);
  return /softwareone, emulated: (\S+)/.exec(said)[1];
}
