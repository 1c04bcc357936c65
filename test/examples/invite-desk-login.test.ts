import type { Page } from 'playwright-core';
import { closeAll } from '../support/close-all';
import { type Secured, startSecured } from '../support/secured';
import { buttonOf, deskStage, noteOf, rowOf } from './invite-desk/stage';

const stage = deskStage();

let secured: Secured;
beforeAll(async () => {
  secured = await startSecured();
});
afterAll(() => closeAll(secured));

/** Leads a page's questions to a Rollcall that checks tokens, as a backend does that adds the user's. */
async function logIn(page: Page, claims: object | null): Promise<void> {
  const authorization = claims ? { authorization: `Bearer ${await secured.signer.sign({ ...claims })}` } : {};
  await page.route('**/graphql', (route) =>
    route.continue({ url: secured.app.url, headers: { ...route.request().headers(), ...authorization } }),
  );
  await page.reload();
  await page.locator('.roll[aria-busy=false]').waitFor();
}

describe('authentication: the invite desk behind a login', () => {
  it('shows the accounts of the tenant, and sends for a token with the scope', async () => {
    const page = await stage.open();
    await logIn(page, {});
    expect(await page.getByText('5 accounts answered.').count()).toBe(1);
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await noteOf(page, 'pablo.quiroga').getByText('Requested.').waitFor();
    expect(secured.emulators.softwareone.mails.map(({ to }) => to)).toEqual([
      'pablo.quiroga@contoso.example',
    ]);
  });

  it('reports that nothing was sent for a token that may only read', async () => {
    const page = await stage.open();
    await logIn(page, { scope: 'staff:read' });
    await buttonOf(page, 'marek.novotny', 'Resend').click();
    await noteOf(page, 'marek.novotny')
      .getByText('Nothing was sent. Your login does not allow this.')
      .waitFor();
    expect(secured.emulators.softwareone.mails.filter(({ to }) => to.startsWith('marek'))).toEqual([]);
  });

  it('reports a refused login', async () => {
    stage.expectErrors(/^Failed to load resource.*401/);
    const page = await stage.open();
    await logIn(page, null);
    expect(await page.getByRole('alert').innerText()).toBe('Your login is not accepted. Log in again.');
    expect(await rowOf(page, 'pablo').count()).toBe(0);
  });
});
