import type { Page, Request } from 'playwright-core';
import { waitFor } from '../support/wait-for';
import { buttonOf, deskStage, noteOf, rowOf } from './invite-desk/stage';

const stage = deskStage();

const PABLO = 'pablo.quiroga@contoso.example';
const DOWN = { kind: 'status', status: 503 } as const;

/** What the browser writes when a request fails, which these tests make happen. */
const FAILED_REQUEST = /^Failed to load resource/;

/** The idempotency keys of the mutations that a page sends, as they go out. */
function keysOf(page: Page): string[] {
  const keys: string[] = [];
  page.on('request', (request) => {
    if (isMutation(request)) keys.push(variablesOf(request).input.idempotencyKey);
  });
  return keys;
}

const isMutation = (request: Request): boolean => request.postData()?.includes('mutation ') ?? false;

const variablesOf = (request: Request) =>
  (request.postDataJSON() as { variables: { input: { idempotencyKey: string } } }).variables;

/** Lets the next mutation reach Rollcall, and cuts the connection before its answer is back. */
async function loseNextAnswer(page: Page): Promise<void> {
  let lost = false;
  await page.route('**/graphql', async (route) => {
    if (lost || !isMutation(route.request())) return route.fallback();
    lost = true;
    await route.fetch();
    return route.abort('connectionreset');
  });
}

describe('partial results: the invite desk while a vendor fails', () => {
  it('shows which accounts are missing and why, and shows the others', async () => {
    await stage.fault('softwareone', { kind: 'malformedJson', account: 'contoso' });
    const page = await stage.open();
    const health = page.getByRole('region', { name: 'Vendors' });
    await health.getByText('1 of 8 accounts did not answer.').waitFor();
    expect(await health.locator('.troubles li').allInnerTexts()).toEqual([
      expect.stringMatching(
        /^contoso \(SoftwareOne\) gave an answer that cannot be read\. Its rows are missing\.$/,
      ),
    ]);
    expect(await rowOf(page, 'nora.vale@contoso.example').count()).toBe(0);
    expect(await rowOf(page, 'lena@harbor-tea.example').count()).toBe(1);
    expect(await rowOf(page, 'saga@contoso-nordic.example').count()).toBe(1);

    await stage.mend('softwareone');
    await health.getByRole('button', { name: 'Ask again' }).click();
    await health.getByText('8 accounts answered.').waitFor();
    expect(await rowOf(page, 'nora.vale@contoso.example').count()).toBe(1);
  });

  it('shows stale rows as stale, and the connection as paused (stale-if-error)', async () => {
    const page = await stage.open();
    await stage.fault('wix', DOWN);
    await stage.fault('ecwid', { ...DOWN, account: 'harbor-tea' });
    const health = page.getByRole('region', { name: 'Vendors' });
    for (let times = 0; times < 5; times++) {
      await health.getByRole('button', { name: 'Ask again' }).click();
      await health.locator('button[aria-disabled=false]').waitFor();
    }
    expect(await health.locator('.troubles li').allInnerTexts()).toEqual([
      expect.stringMatching(
        /^Harbor Tea \(Ecwid\) could not be reached\. Its rows are as they were at \d\d:\d\d:\d\d\. It can be asked again at \d\d:\d\d:\d\d\.$/,
      ),
    ]);
    expect(await rowOf(page, 'lena@harbor-tea.example').count()).toBe(1);
    await health.getByText('Connections of 8 accounts').click();
    expect(await health.locator('.connections li', { hasText: 'Harbor Tea' }).innerText()).toMatch(
      /Paused after failures\s+until \d\d:\d\d:\d\d/,
    );
    expect(await health.locator('.connections li', { hasText: 'Contoso Nordic' }).innerText()).toContain(
      'Connected',
    );
  });

  it('reports for a write that nothing was sent', async () => {
    const page = await stage.open();
    await stage.fault('softwareone', { ...DOWN, account: 'contoso' });
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await noteOf(page, 'pablo.quiroga').getByText('Nothing was sent.').waitFor();
    expect(stage.mailsTo(PABLO)).toEqual([]);
  });

  it('shows a lost response as an unknown outcome, and sends nothing again within the cooldown', async () => {
    const page = await stage.open();
    await stage.fault('softwareone', { kind: 'lostAnswer', route: 'POST */resend-invite', times: 1 });
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    const note = noteOf(page, 'pablo.quiroga');
    await note
      .getByText('Not known. Nobody knows whether the email went out; look before trying again.')
      .waitFor();
    expect(await note.getAttribute('data-tone')).toBe('unsure');
    expect(await note.innerText()).not.toMatch(/Requested|Refused|Nothing was sent/);
    expect(stage.mailsTo(PABLO)).toHaveLength(1);

    expect(await buttonOf(page, 'pablo.quiroga', 'Resend').getAttribute('aria-disabled')).toBe('true');
    await buttonOf(page, 'pablo.quiroga', 'Resend').click({ force: true });
    await note.getByRole('button', { name: 'Look' }).click();
    const panel = page.getByRole('dialog', { name: 'Pablo Quiroga' });
    await panel.getByRole('list', { name: 'What was tried' }).waitFor();
    expect(await panel.locator('.attempts li').allInnerTexts()).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d Resend: outcome not known$/),
    ]);
    expect(stage.mailsTo(PABLO)).toHaveLength(1);
  });
});

describe('concurrency: the invite desk with two users', () => {
  it('shows that another user has sent an email, and when it can be sent again (cooldown)', async () => {
    const mine = await stage.open();
    const theirs = await stage.open();
    await buttonOf(theirs, 'pablo.quiroga', 'Resend').click();
    await noteOf(theirs, 'pablo.quiroga').getByText('Requested.').waitFor();
    await buttonOf(mine, 'pablo.quiroga', 'Resend').click();
    const note = noteOf(mine, 'pablo.quiroga');
    await note.getByText('Nothing was sent.').waitFor();
    expect(await note.innerText()).toMatch(/requested moments ago\. Possible again at \d\d:\d\d:\d\d\./);
    expect(stage.mailsTo(PABLO)).toHaveLength(1);
  });

  it('offers the permitted action after the invite has changed', async () => {
    const page = await stage.open();
    stage.demo().emulators.softwareone.changeInvite('contoso', 'AUSR-2750-9914-0363', 'expire');
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    const note = noteOf(page, 'pablo.quiroga');
    await note.getByText('Nothing was sent. The invite has expired; send a new one.').waitFor();
    await note.getByRole('button', { name: 'Send a new invite' }).click();
    await note.getByText('The vendor took the request for a new invite.').waitFor();
    expect(stage.mailsTo(PABLO)).toHaveLength(1);
  });
});

describe('connection failure: the invite desk', () => {
  it('retries with the same idempotency key, and one mail is sent', async () => {
    stage.expectErrors(FAILED_REQUEST);
    const page = await stage.open();
    const keys = keysOf(page);
    await loseNextAnswer(page);
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    const note = noteOf(page, 'pablo.quiroga');
    await note.getByText('No answer.').waitFor();
    expect(stage.mailsTo(PABLO)).toHaveLength(1);

    await note.getByRole('button', { name: 'Ask again' }).click();
    await note.getByText('Requested.').waitFor();
    expect(keys).toHaveLength(2);
    expect(keys[1]).toBe(keys[0]);
    expect(stage.mailsTo(PABLO)).toHaveLength(1);
  });

  it('treats a double click as one request, and a later click as a new request', async () => {
    stage.expectErrors(FAILED_REQUEST);
    const page = await stage.open();
    const keys = keysOf(page);
    await loseNextAnswer(page);
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await noteOf(page, 'pablo.quiroga').getByText('No answer.').waitFor();
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await noteOf(page, 'pablo.quiroga').getByText('Requested.').waitFor();

    stage.demo().emulators.clock.advance(61_000);
    await page.getByRole('region', { name: 'Vendors' }).getByRole('button', { name: 'Ask again' }).click();
    await rowOf(page, 'pablo.quiroga')
      .locator('button[aria-disabled=false]', { hasText: 'Resend' })
      .waitFor();
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await waitFor(() => stage.mailsTo(PABLO).length === 2);
    expect(keys).toHaveLength(3);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('retries a bulk resend with the same idempotency key, without sending again', async () => {
    stage.expectErrors(FAILED_REQUEST);
    const page = await stage.open('#account=contoso');
    const keys = keysOf(page);
    await loseNextAnswer(page);
    await page.getByLabel('Select all that can be resent').check();
    await page.getByRole('button', { name: 'Resend selected' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resend 3 invites' }).click();
    await noteOf(page, 'marek').getByText('No answer.').waitFor();
    await noteOf(page, 'marek').getByRole('button', { name: 'Ask again' }).click();
    await noteOf(page, 'nora.vale').getByText('Requested.').waitFor();
    await noteOf(page, 'marek').getByText('Requested.').waitFor();
    expect(keys).toHaveLength(2);
    expect(keys[1]).toBe(keys[0]);
    for (const name of ['nora.vale', 'pablo.quiroga', 'marek.novotny'])
      expect(stage.mailsTo(`${name}@contoso.example`)).toHaveLength(1);
  });

  it('shows a pending write until its response, and sends no second request', async () => {
    const page = await stage.open();
    const keys = keysOf(page);
    await stage.fault('softwareone', { kind: 'latency', ms: 800, route: 'POST */resend-invite' });
    await buttonOf(page, 'pablo.quiroga', 'Resend').dblclick();
    expect(await noteOf(page, 'pablo.quiroga').innerText()).toContain('Under way.');
    expect(await buttonOf(page, 'pablo.quiroga', 'Revoke').getAttribute('aria-disabled')).toBe('true');
    await noteOf(page, 'pablo.quiroga').getByText('Requested.').waitFor();
    expect(keys).toHaveLength(1);
    expect(stage.mailsTo(PABLO)).toHaveLength(1);
  });

  it('retries with the same idempotency key while the first request is in progress', async () => {
    stage.expectErrors(FAILED_REQUEST);
    const page = await stage.open();
    const keys = keysOf(page);
    await stage.fault('softwareone', { kind: 'latency', ms: 2500, route: 'POST */resend-invite' });
    let first: 'NOT_YET' | 'UNDER_WAY' | 'ENDED' = 'NOT_YET';
    await page.route('**/graphql', async (route) => {
      if (first !== 'NOT_YET' || !isMutation(route.request())) return route.fallback();
      first = 'UNDER_WAY';
      const answer = route.fetch();
      await waitFor(() => stage.mailsTo(PABLO).length === 1);
      await route.abort('connectionreset');
      await answer;
      first = 'ENDED';
    });
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    const note = noteOf(page, 'pablo.quiroga');
    await note.getByRole('button', { name: 'Ask again' }).click();
    await note.getByText('Under way. The first request has not ended. Ask again in a moment.').waitFor();
    await waitFor(() => first === 'ENDED');
    await note.getByRole('button', { name: 'Ask again' }).click();
    await note.getByText('Requested.').waitFor();
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(stage.mailsTo(PABLO)).toHaveLength(1);
  });

  it('reports that Rollcall did not answer, and shows the list as soon as it does', async () => {
    stage.expectErrors(FAILED_REQUEST);
    const page = await stage.open();
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('combobox', { name: 'Vendor' }).selectOption('Wix');
    await page.getByRole('alert').getByText('Rollcall did not answer.').waitFor();
    expect(await page.locator('.roll-row').count()).toBe(0);
    await page.getByRole('region', { name: 'Vendors' }).getByRole('button', { name: 'Ask again' }).click();
    await page.locator('.roll[aria-busy=false]').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('Rollcall did not answer.');
    await page.unroute('**/graphql');
    await page.getByRole('region', { name: 'Vendors' }).getByRole('button', { name: 'Ask again' }).click();
    await rowOf(page, 'hugo').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await rowOf(page, 'hugo').count()).toBe(1);
  });

  it('keeps its rows when a refresh fails, and reports the failure', async () => {
    stage.expectErrors(FAILED_REQUEST);
    const page = await stage.open();
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('region', { name: 'Vendors' }).getByRole('button', { name: 'Ask again' }).click();
    await page.getByRole('alert').getByText('Rollcall did not answer.').waitFor();
    expect(await rowOf(page, 'pablo.quiroga').count()).toBe(1);
  });

  it('shows an error in its own query in the words of Rollcall', async () => {
    const page = await stage.open('#search=nobody');
    expect(await page.getByRole('alert').innerText()).toBe('filter.email is no email address.');
  });
});
