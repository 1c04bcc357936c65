import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { type Demo, startDemo } from '../../../src/demo';
import type { Fault, Mail, VendorName } from '../../../src/emulators/start';
import { openBrowser } from '../../support/browser';
import { closeAll } from '../../support/close-all';
import { PATIENCE_MS, waitFor } from '../../support/wait-for';

const root = join(__dirname, '..', '..', '..');
/** Where the example is. */
export const deskFolder = join(root, 'examples', 'invite-desk');

/** The built desk, served as it would be, over a demo of its own for each test, in a real browser. */
export interface DeskStage {
  /** The demo of this test. */
  demo(): Demo;
  /** Opens the desk and waits for its table. */
  open(hash?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Switches a fault on through a vendor's side door. */
  fault(vendor: VendorName, fault: Fault): Promise<void>;
  /** Switches a vendor's faults off. */
  mend(vendor: VendorName): Promise<void>;
  /** The mails that went to an address. */
  mailsTo(email: string): readonly Mail[];
  /** Errors in the browser's console that a test brings about itself. */
  expectErrors(pattern: RegExp): void;
}

/** Sets the stage for the tests of a file. After each, the console must be clean and nobody else have been asked. */
export function deskStage(): DeskStage {
  let browser: Browser;
  let server: Preview;
  let address: string;
  let demoPort: number;
  let demo: Demo;
  let contexts: BrowserContext[];
  let complaints: string[];
  let expected: RegExp | null;

  beforeAll(async () => {
    demoPort = await freePort();
    const port = await freePort();
    address = `http://localhost:${port}/`;
    server = serveDesk(port, demoPort);
    browser = await openBrowser();
    await waitFor(() => answers(address));
  });

  afterAll(() => closeAll(server, browser));

  beforeEach(async () => {
    contexts = [];
    complaints = [];
    expected = null;
    demo = await startDemo(pino({ level: 'silent' }), { port: String(demoPort) });
  });

  afterEach(async () => {
    await closeAll(contexts, demo);
    const pattern = expected;
    expect(complaints.filter((complaint) => !pattern?.test(complaint))).toEqual([]);
  });

  const door = (vendor: VendorName, method: string, body: object | null) =>
    fetch(`${new URL(demo.emulators[vendor].baseUrl).origin}/__emulator/faults`, {
      method,
      body: body && JSON.stringify(body),
    }).then(({ ok }) => {
      if (!ok) throw new Error(`the side door of ${vendor} refused: ${JSON.stringify(body)}`);
    });

  return {
    demo: () => demo,
    open: async (hash = '', options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('request', (request) => {
        if (!request.url().startsWith(address)) complaints.push(`asked ${request.url()}`);
      });
      await page.goto(`${address}${hash}`);
      await page.locator('.roll[aria-busy=false]').waitFor();
      return page;
    },
    fault: (vendor, fault) => door(vendor, 'POST', fault),
    mend: (vendor) => door(vendor, 'DELETE', null),
    mailsTo: (email) =>
      [demo.emulators.ecwid, demo.emulators.softwareone, demo.emulators.wix].flatMap(({ mails }) =>
        mails.filter(({ to }) => to === email),
      ),
    expectErrors: (pattern) => {
      expected = pattern;
    },
  };
}

/** The table's row of somebody. */
export const rowOf = (page: Page, who: string): Locator => page.locator('.roll-row', { hasText: who });

/** What the desk says under somebody's row about the last click on it. */
export const noteOf = (page: Page, who: string): Locator =>
  page.locator(`.roll-row:has-text("${who}") + .roll-note .note`);

/** One of the buttons in somebody's row. */
export const buttonOf = (page: Page, who: string, name: 'Resend' | 'Send new' | 'Revoke'): Locator =>
  rowOf(page, who).getByRole('button', { name: new RegExp(`^${name}`) });

interface Preview {
  stop(): void;
}

function serveDesk(port: number, demoPort: number): Preview {
  if (!existsSync(join(deskFolder, 'dist', 'index.html')))
    throw new Error('examples/invite-desk is not built; run: npm run examples');
  const vite = join(deskFolder, 'node_modules', 'vite', 'bin', 'vite.js');
  const child = spawn(process.execPath, [vite, 'preview', '--port', String(port)], {
    cwd: deskFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ROLLCALL_ENDPOINT: `http://localhost:${demoPort}/graphql` },
  });
  return { stop: () => child.kill() };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether somebody answers there. */
export const answers = (address: string): Promise<boolean> =>
  fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );
