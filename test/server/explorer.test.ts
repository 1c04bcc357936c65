import { type AddressInfo, createServer, type Server } from 'node:net';
import { pino } from 'pino';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { startApp } from '../../src/app';
import { type Demo, everyone, startDemo } from '../../src/demo';
import { PATIENCE_MS, waitFor } from '../support/wait-for';
import { launchBrowser, OFFLINE, openBrowser } from '../support/browser';
import { closeAll } from '../support/close-all';
import { configOf } from '../support/config';
import { type Secured, startSecured } from '../support/secured';
import { goodClaims } from '../support/tokens';

const SCRIPT_HOST = 'embeddable-sandbox.cdn.apollographql.com';
const FRAME_HOST = 'sandbox.embed.apollographql.com';
const log = pino({ enabled: false });

// A browser on a busy machine is slow, not wrong.

/** What a page asked for, and what it complained of. */
interface Watched {
  readonly page: Page;
  /** Requests to other hosts: tried, and answered. */
  readonly abroad: { readonly tried: string[]; readonly answered: string[] };
  readonly complaints: string[];
}

/** Logged by Altair itself, now and then on a busy machine: it is about no host and no policy. */
const ALTAIR_LATE = 'Could not parse JSON. Using default instead.';

describe('the explorer', () => {
  let demo: Demo;
  let root: string;
  let offline: Browser;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    demo = await startDemo(log, { port: '0' });
    root = demo.url.replace(/graphql$/, '');
    offline = await openBrowser();
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
  });
  afterAll(() => closeAll(offline, demo));

  async function visit(
    browser: Browser,
    path: string,
    prepare?: (page: Page) => Promise<void>,
  ): Promise<Watched> {
    context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const watched: Watched = { page, abroad: { tried: [], answered: [] }, complaints: [] };
    const isAbroad = (url: string): boolean => /^https?:/.test(url) && !url.startsWith(root);
    page.on('request', (request) => {
      if (isAbroad(request.url())) watched.abroad.tried.push(request.url());
    });
    page.on('response', (response) => {
      if (isAbroad(response.url())) watched.abroad.answered.push(response.url());
    });
    page.on('pageerror', ({ message }) => watched.complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' && message.text() !== ALTAIR_LATE)
        watched.complaints.push(message.text());
    });
    await prepare?.(page);
    // Not `load`: a script that hangs would hold it back.
    await page.goto(new URL(path, root).href, { waitUntil: 'domcontentloaded' });
    return watched;
  }

  describe('explorer without internet', () => {
    it('is the bundled one, and runs an example', async () => {
      const { page, abroad } = await visit(offline, '');
      const bundled = bundledOf(page);
      await bundled.getByText(/^query StaffPage/).waitFor();
      await bundled.getByText('Press Send Request: the answer of Rollcall appears here.').waitFor();
      await bundled.getByRole('button', { name: 'Send Request' }).click();

      await bundled.locator('app-query-result').getByText('ivo.brandt@contoso.example').waitFor();
      expect(await page.locator('#status').textContent()).toBe('Apollo Sandbox cannot be loaded.');
      expect(abroad.tried.map((url) => new URL(url).host)).toEqual([SCRIPT_HOST]);
      expect(abroad.answered).toEqual([]);
    });

    it('calls no other host when the bundled one is configured, and keeps its content security policy', async () => {
      const { page, abroad, complaints } = await visit(offline, '?explorer=bundled&example=person');
      const bundled = bundledOf(page);
      await bundled.getByText(/^query Person/).waitFor();
      await bundled.getByRole('button', { name: 'Send Request' }).click();
      await bundled.locator('app-query-result').getByText('contoso:AUSR-2750-9914-0307').first().waitFor();

      await bundled.getByRole('button', { name: 'Docs' }).click();
      await bundled.locator('app-doc-viewer').getByText('Mutation', { exact: true }).first().waitFor();
      expect(abroad).toEqual({ tried: [], answered: [] });
      expect(complaints).toEqual([]);
    });

    it('opens another example at once, and keeps it in the URL', async () => {
      const { page } = await visit(offline, '?explorer=bundled');
      await bundledOf(page)
        .getByText(/^query StaffPage/)
        .waitFor();
      await page.getByLabel('Example').selectOption('Resend invite');

      await bundledOf(page)
        .getByText(/^mutation ResendInvite/)
        .waitFor();
      expect(new URL(page.url()).search).toBe('?explorer=bundled&example=resend-invite');
      expect(await page.getByLabel('Example').inputValue()).toBe('resend-invite');
      expect(await page.getByRole('link', { name: 'Apollo Sandbox' }).getAttribute('href')).toBe(
        '?explorer=sandbox&example=resend-invite',
      );
    });
  });

  it('is the bundled one when the network hangs', async () => {
    const deaf = await listenDeafly();
    const { port } = deaf.address() as AddressInfo;
    const hanging = await launchBrowser(`MAP ${SCRIPT_HOST} 127.0.0.1:${port}, ${OFFLINE}`);
    try {
      const { page } = await visit(hanging, '');
      await page.getByText('Loading Apollo Sandbox …').waitFor();
      expect(await page.locator('iframe').count()).toBe(0);
      expect(await page.getByRole('link').getAttribute('href')).toBe('?explorer=bundled&example=staff-page');

      await bundledOf(page)
        .getByText(/^query StaffPage/)
        .waitFor();
      expect(await page.locator('#status').textContent()).toBe('Apollo Sandbox cannot be loaded.');
    } finally {
      await hanging.close();
      deaf.close();
    }
  });

  // The real Sandbox is a page of Apollo's. Here its script and its frame are stand-ins: they show what we hand over, and
  // that we wait for the frame, not that Sandbox works.
  describe('explorer with internet', () => {
    it('is Apollo Sandbox, with the endpoint and the first example', async () => {
      const { page, complaints } = await visit(offline, '', (each) => standIn(each, { frameSpeaks: true }));
      await page.frameLocator('iframe').getByText('stand-in for Sandbox').waitFor();

      expect(await optionsOf(page)).toEqual([
        expect.objectContaining({
          initialEndpoint: demo.url,
          initialState: {
            document: expect.stringMatching(/query StaffPage[^]*fragment StaffRow/) as string,
            variables: { first: 10, filter: { status: ['ACTIVE', 'INVITED'] } },
            pollForSchemaUpdates: false,
          },
        }),
      ]);
      expect(await page.locator('#status').textContent()).toBe('');
      expect(await page.getByRole('link').allTextContents()).toEqual(['Bundled explorer']);
      expect(complaints).toEqual([]);
    });

    it('opens another example in Sandbox', async () => {
      const { page } = await visit(offline, '', (each) => standIn(each, { frameSpeaks: true }));
      await page.frameLocator('iframe').getByText('stand-in for Sandbox').waitFor();
      await page.getByLabel('Example').selectOption('Invite details');
      await page.waitForURL('**/?example=invite-details');
      await page.frameLocator('iframe').getByText('stand-in for Sandbox').waitFor();

      expect(await optionsOf(page)).toMatchObject([
        {
          initialState: {
            document: expect.stringContaining('query InviteDetails') as string,
            variables: { id: 'contoso:AUSR-2750-9914-0362' },
          },
        },
      ]);
    });

    it('stays hidden until its frame responds, and falls back when the frame does not', async () => {
      const { page } = await visit(offline, '', async (each) => {
        await each.clock.install();
        await standIn(each, { frameSpeaks: false });
      });
      await page.locator('iframe').waitFor({ state: 'attached' });
      expect(await page.locator('#stage').isVisible()).toBe(false);

      await page.clock.fastForward(10_000);
      await bundledOf(page)
        .getByText(/^query StaffPage/)
        .waitFor();
      expect(await page.locator('#stage').isVisible()).toBe(true);
    });
  });

  describe('explorer with authentication', () => {
    let secured: Secured;
    let home: string;
    let token: string;
    beforeAll(async () => {
      secured = await startSecured();
      home = secured.app.url.replace(/graphql$/, '');
      token = await secured.signer.sign(goodClaims());
    });
    afterAll(() => closeAll(secured));

    it('asks for a token, and sends it with every request', async () => {
      const { page } = await visit(offline, `${home}?explorer=bundled`);
      await page.getByLabel('Token').fill(token);
      const reloaded = page.waitForEvent('domcontentloaded');
      await page.getByLabel('Token').press('Enter');
      await reloaded;

      await bundledOf(page)
        .getByText(/^query StaffPage/)
        .waitFor();
      await bundledOf(page).getByRole('button', { name: 'Send Request' }).click();
      await bundledOf(page).locator('app-query-result').getByText('ivo.brandt@contoso.example').waitFor();
      // Altair writes its windows down a moment later.
      await waitFor(async () => (await keptBy(page)).includes('query StaffPage'));
      expect((await keptBy(page)).includes(token)).toBe(false);
    });

    it('keeps the token from the frame of Sandbox, and proxies its requests', async () => {
      const { page } = await visit(offline, home, (each) => standIn(each, { frameSpeaks: true }));
      await page.getByLabel('Token').fill(token);
      await page.getByLabel('Token').press('Enter');
      await page.frameLocator('iframe').getByText('stand-in for Sandbox').waitFor();

      const asked = { method: 'POST', headers: { 'content-type': 'application/json' }, body: ACCOUNTS };
      expect(await answerToSandbox(page, secured.app.url, asked)).toMatchObject({
        data: { accounts: { nodes: [{}] } },
      });
      expect(JSON.stringify(await optionsOf(page))).not.toContain(token);
    });

    it('asks for no token in the demo', async () => {
      const { page } = await visit(offline, '?explorer=bundled');
      await bundledOf(page)
        .getByText(/^query StaffPage/)
        .waitFor();
      await bundledOf(page).getByRole('button', { name: 'Send Request' }).click();
      await bundledOf(page).locator('app-query-result').getByText('ivo.brandt@contoso.example').waitFor();
      expect(await page.getByLabel('Token').isVisible()).toBe(false);
    });
  });

  describe('explorer that is disabled', () => {
    it.each([
      ['in production', { production: true }, {}],
      ['with server.landingPage: false', {}, { landingPage: false }],
    ])('is not served: %s', async (_where, options, server) => {
      const config = configOf(demo.emulators, { server: { host: '127.0.0.1', port: 0, ...server } });
      const app = await startApp({ config, log, viewer: everyone, ...options });
      try {
        for (const path of [
          '',
          'explorer/bundled.html',
          'explorer/altair/main.js',
          'explorer/examples.json',
        ]) {
          const response = await fetch(app.url.replace(/graphql$/, path));
          expect(response.status).toBe(404);
          expect(await response.json()).toEqual({
            errors: [
              {
                message: 'There is nothing here; GraphQL is at /graphql.',
                extensions: { code: 'BAD_REQUEST' },
              },
            ],
          });
        }
      } finally {
        await app.close();
      }
    });
  });

  it('serves no file outside its own folder (path traversal)', async () => {
    for (const path of [
      'altair/../../../package.json',
      'altair/..%2f..%2fpackage.json',
      'altair/',
      'nothing.js',
    ]) {
      const { status } = await fetch(`${root}explorer/${path}`);
      expect([path, status]).toEqual([path, 404]);
    }
  });
});

const bundledOf = (page: Page): FrameLocator => page.frameLocator('iframe[title="Bundled explorer"]');

/** Answers for Apollo: a script that notes its options and opens a frame, and a frame that says something, or nothing. */
async function standIn(page: Page, { frameSpeaks }: { frameSpeaks: boolean }): Promise<void> {
  await page.route(`https://${SCRIPT_HOST}/**`, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `window.sandboxOptions = [];
        window.EmbeddedSandbox = class {
          constructor(options) {
            window.sandboxOptions.push(options);
            const frame = document.createElement('iframe');
            frame.src = 'https://${FRAME_HOST}/sandbox/explorer';
            document.querySelector(options.target).append(frame);
          }
        };`,
    }),
  );
  await page.route(`https://${FRAME_HOST}/**`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `stand-in for Sandbox ${frameSpeaks ? '<script>parent.postMessage({}, "*")</script>' : ''}`,
    }),
  );
}

const optionsOf = (page: Page): Promise<unknown[]> =>
  page.evaluate(() => (globalThis as unknown as { sandboxOptions: unknown[] }).sandboxOptions);

/** What the browser keeps on its disk for this page. */
const keptBy = async (page: Page): Promise<string> =>
  JSON.stringify(await page.context().storageState({ indexedDB: true }));

const ACCOUNTS = JSON.stringify({ query: '{ accounts(first: 1) { nodes { id } } }' });

interface Wanted {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}
interface SandboxOptions {
  handleRequest(url: string, options: Wanted): Promise<Response>;
}

/** What the page answers when Sandbox wants a request made. */
const answerToSandbox = (page: Page, url: string, options: Wanted): Promise<unknown> =>
  page.evaluate(
    async ([address, init]) => {
      const [sandbox] = (globalThis as unknown as { sandboxOptions: SandboxOptions[] }).sandboxOptions;
      const response = await sandbox?.handleRequest(address, init);
      return response?.json();
    },
    [url, options] as const,
  );

/** A host that takes connections and never says a word. */
async function listenDeafly(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
