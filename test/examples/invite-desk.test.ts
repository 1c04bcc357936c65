import { buttonOf, deskStage, noteOf, rowOf } from './invite-desk/stage';
import { waitFor } from '../support/wait-for';

const stage = deskStage();

describe('the invite desk: one invite', () => {
  it('resends it once, and the button then shows the end of the cooldown', async () => {
    const page = await stage.open();
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await noteOf(page, 'pablo.quiroga').getByText('Requested.').waitFor();
    expect(stage.mailsTo('pablo.quiroga@contoso.example')).toHaveLength(1);
    expect(await buttonOf(page, 'pablo.quiroga', 'Resend').getAttribute('aria-disabled')).toBe('true');
    expect(await rowOf(page, 'pablo.quiroga').locator('.reason').innerText()).toMatch(
      /^Resend: just asked for, again at \d\d:\d\d:\d\d$/,
    );
    await buttonOf(page, 'pablo.quiroga', 'Resend').click({ force: true });
    expect(stage.mailsTo('pablo.quiroga@contoso.example')).toHaveLength(1);
  });

  it('enables resend after the cooldown without a reload', async () => {
    const page = await stage.open('#search=pablo.quiroga@contoso.example');
    await page.clock.install();
    await page.reload();
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await noteOf(page, 'pablo.quiroga').getByText('Requested.').waitFor();
    stage.demo().emulators.clock.advance(61_000);
    await page.clock.fastForward(62_000);
    await rowOf(page, 'pablo.quiroga')
      .locator('button[aria-disabled=false]', { hasText: 'Resend' })
      .waitFor();
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await waitFor(() => stage.mailsTo('pablo.quiroga@contoso.example').length === 2);
    expect(stage.mailsTo('pablo.quiroga@contoso.example').map(({ kind }) => kind)).toEqual([
      'resend',
      'resend',
    ]);
  });

  it('sends a new invite for an expired one in the same row, and keeps the focus there', async () => {
    const page = await stage.open('#account=harbour-cafe');
    const before = await rowOf(page, 'hugo').getAttribute('data-invite');
    await buttonOf(page, 'hugo', 'Send new').click();
    await noteOf(page, 'hugo').getByText('Requested.').waitFor();
    expect(stage.mailsTo('hugo@harbour-cafe.example').map(({ kind }) => kind)).toEqual(['invite']);
    expect(await rowOf(page, 'hugo').locator('.pill').innerText()).toBe('Pending');
    expect(await rowOf(page, 'hugo').getAttribute('data-invite')).not.toBe(before);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(
      /^Resend: hugo@/,
    );
  });

  it('does not press another button that has come under a click just made', async () => {
    const page = await stage.open();
    await page.evaluate(`
      const button = Object.assign(document.createElement('button'), { id: 'changing', textContent: 'Send new' });
      button.onclick = () => {
        button.dataset.pressed = (button.dataset.pressed ?? '') + button.textContent + ';';
        button.textContent = 'Resend';
      };
      document.body.prepend(button);
    `);
    const button = page.locator('#changing');
    const pressed = () => button.getAttribute('data-pressed');
    await button.dblclick({ delay: 50 });
    expect(await pressed()).toBe('Send new;');
    await waitFor(async () => {
      await button.click();
      return (await pressed()) !== 'Send new;';
    });
    expect(await pressed()).toBe('Send new;Resend;');
  });

  it('revokes it only after confirmation', async () => {
    const page = await stage.open();
    await buttonOf(page, 'lena', 'Revoke').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(
      /^Revoke: lena@/,
    );
    expect(await rowOf(page, 'lena').locator('.pill').innerText()).toBe('Pending');

    await buttonOf(page, 'lena', 'Revoke').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke invite' }).click();
    await noteOf(page, 'lena').getByText('Requested.').waitFor();
    expect(await rowOf(page, 'lena').locator('.pill').innerText()).toBe('Revoked');
  });

  it('invites a person who declined only after confirmation', async () => {
    const page = await stage.open('#account=harbour-cafe');
    await buttonOf(page, 'beatriz', 'Send new').click();
    const dialog = page.getByRole('dialog', { name: 'Invite someone who declined?' });
    expect(await dialog.innerText()).toContain(
      'beatriz@harbour-cafe.example has declined an invite to Harbour Cafe',
    );
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(stage.mailsTo('beatriz@harbour-cafe.example')).toEqual([]);

    await buttonOf(page, 'beatriz', 'Send new').click();
    await dialog.getByRole('button', { name: 'They asked: send new invite' }).click();
    await noteOf(page, 'beatriz').getByText('Requested.').waitFor();
    expect(stage.mailsTo('beatriz@harbour-cafe.example')).toHaveLength(1);
  });

  it('grants every permission only after confirmation', async () => {
    const page = await stage.open('#account=harbor-tea');
    await buttonOf(page, 'silas', 'Revoke').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke invite' }).click();
    await buttonOf(page, 'silas', 'Send new').click();
    const dialog = page.getByRole('dialog', { name: 'Grant every permission?' });
    await dialog.waitFor();
    expect(stage.mailsTo('silas@harbor-tea.example')).toEqual([]);
    await dialog.getByRole('button', { name: 'Grant everything and send' }).click();
    await noteOf(page, 'silas').getByText('The vendor took the request for a new invite.').waitFor();
    expect(stage.mailsTo('silas@harbor-tea.example')).toHaveLength(1);
  });
});

describe('the invite desk: many invites', () => {
  it('resends the selected invites and shows the outcome of each', async () => {
    const page = await stage.open('#account=contoso');
    await stage.fault('softwareone', { kind: 'status', status: 400, route: 'POST */AUSR-2750-9914-0363/resend-invite' }); // prettier-ignore
    await stage.fault('softwareone', {
      kind: 'lostAnswer',
      route: 'POST */AUSR-2750-9914-0364/resend-invite',
    });
    await page.getByLabel('Select all that can be resent').check();
    await page.getByRole('button', { name: 'Resend selected' }).click();
    const dialog = page.getByRole('dialog', { name: 'Resend 3 invites?' });
    expect(await dialog.locator('li').allInnerTexts()).toEqual([
      'nora.vale@contoso.example Contoso',
      'pablo.quiroga@contoso.example Contoso',
      'marek.novotny@contoso.example Contoso',
    ]);
    await dialog.getByRole('button', { name: 'Resend 3 invites' }).click();

    await noteOf(page, 'nora.vale').getByText('Requested.').waitFor();
    expect(await noteOf(page, 'pablo.quiroga').innerText()).toContain('Refused by the vendor.');
    expect(await noteOf(page, 'marek.novotny').innerText()).toContain(
      'Not known. Nobody knows whether the email went out; look before trying again.',
    );
    expect(await page.getByText('Requested: 1. Refused by the vendor: 1. Not known: 1').count()).toBe(1);
    expect(stage.mailsTo('nora.vale@contoso.example')).toHaveLength(1);
    expect(stage.mailsTo('pablo.quiroga@contoso.example')).toEqual([]);
    expect(stage.mailsTo('marek.novotny@contoso.example')).toHaveLength(1);
  });

  it('never selects an invite that cannot be resent', async () => {
    const page = await stage.open('#account=contoso');
    await page.getByLabel('Select all that can be resent').check();
    expect(await page.getByText('3 selected.').count()).toBe(1);
    expect(await rowOf(page, 'quentin').getByRole('checkbox').count()).toBe(0);
  });
});

describe('the invite desk: list', () => {
  it('filters by vendor, account and status, and resets all filters with Clear', async () => {
    const page = await stage.open();
    const emails = async () => {
      await page.locator('.roll[aria-busy=false]').waitFor();
      return page.locator('.roll-row .clip, .roll-row .person-name').allInnerTexts();
    };
    await page.getByRole('combobox', { name: 'Vendor' }).selectOption('Wix');
    await page.getByRole('combobox', { name: 'Account' }).selectOption('Harbour Cafe');
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Declined');
    await page.locator('.pager', { hasText: '1 of 1' }).waitFor();
    expect(await emails()).toEqual(['beatriz@harbour-cafe.example']);
    expect(page.url()).toContain('#view=invites&vendor=WIX&account=harbour-cafe&status=DECLINED');

    await page.reload();
    await page.locator('.pager', { hasText: '1 of 1' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Status' }).inputValue()).toBe('DECLINED');

    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.pager', { hasText: '25 of 28' }).waitFor();
    expect(await emails()).toContain('Nora Vale');
  });

  it('finds an invite by its email address, and people by a part of their name', async () => {
    const page = await stage.open();
    await page.getByLabel('Whole email address').fill('hugo@harbour-cafe.example');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.locator('.pager', { hasText: '1 of 1' }).waitFor();
    expect(await rowOf(page, 'hugo').count()).toBe(1);

    // Not `check`: it looks at once whether that has changed the page, which a busy machine does in its own time.
    await page.getByLabel('People').click();
    await page.getByLabel('Name or email').fill('grace');
    await page.keyboard.press('Enter');
    await page.locator('.pager', { hasText: '2 of 2' }).waitFor();
    expect(await page.locator('.roll-account > span:first-child').allInnerTexts()).toEqual([
      'Contoso',
      'Contoso Nordic',
    ]);
  });

  it('reports an empty result', async () => {
    const page = await stage.open('#search=nobody@harbor-tea.example');
    expect(await page.getByText('Nobody here matches these filters.').count()).toBe(1);
  });

  it('says of an empty page with a next one that the list goes on', async () => {
    const page = await stage.open();
    await page.route('**/graphql', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { data: { invites?: { nodes: unknown[]; pageInfo: object } } };
      const { invites } = body.data;
      if (invites)
        Object.assign(invites, {
          nodes: [],
          pageInfo: { ...invites.pageInfo, hasNextPage: true, endCursor: 'on' },
        });
      await route.fulfill({ response: answer, json: body });
    });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Nobody on this page; the list goes on.').waitFor();
    expect(await page.getByRole('button', { name: 'Next' }).getAttribute('aria-disabled')).toBe('false');
  });

  it('paginates forward and back', async () => {
    const page = await stage.open('#view=people');
    const first = () => page.locator('.person-name').first().innerText();
    const top = await first();
    expect(await page.getByRole('button', { name: 'Previous' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Page 2 · 25 of').waitFor();
    await page.locator('.roll[aria-busy=false]').waitFor();
    expect(await first()).not.toBe(top);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Page 3 ·').waitFor();
    await page.locator('.roll[aria-busy=false]').waitFor();
    expect(await page.getByRole('button', { name: 'Next' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByText('Page 1 · 25 of').waitFor();
    expect(await first()).toBe(top);
  });

  it('shows one person across vendors, with the permitted actions', async () => {
    const page = await stage.open('#search=henrik.dahl@contoso.example');
    await rowOf(page, 'Henrik Dahl').getByRole('button', { name: 'Henrik Dahl' }).click();
    const panel = page.getByRole('dialog', { name: 'Henrik Dahl' });
    await panel.getByText('Member of 1 account').waitFor();
    expect(await panel.locator('.card-head').allInnerTexts()).toEqual([
      'Contoso\nActive',
      'Contoso Nordic\nPending',
    ]);
    await panel.getByRole('button', { name: /^Resend/ }).click();
    await panel.getByText('Requested.').waitFor();
    expect(stage.mailsTo('henrik.dahl@contoso.example')).toHaveLength(1);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await noteOf(page, 'Henrik Dahl').innerText()).toContain('Requested.');
    expect(page.url()).not.toContain('person=');
  });
});
