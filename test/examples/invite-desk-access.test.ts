import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { buttonOf, deskStage, noteOf, rowOf } from './invite-desk/stage';

const stage = deskStage();
// axe looks at every element several times.
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds against WCAG 2.2 AA and good practice, each with where. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations, passes } = await page.evaluate<AxeResults>(
    `axe.run({ runOnly: ${JSON.stringify(tags)} })`,
  );
  // Nothing looked at is nothing proven.
  expect(passes.map(({ id }) => id)).toContain('color-contrast');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

const focused = (page: Page): Promise<string | null> =>
  page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent');

describe.each(['light', 'dark'] as const)('accessibility (axe): the invite desk in %s', (colorScheme) => {
  it('has no violations in the list, in results and in a dialog', async () => {
    const page = await stage.open('#vendor=SOFTWAREONE', { colorScheme });
    await stage.fault('softwareone', {
      kind: 'lostAnswer',
      route: 'POST */AUSR-2750-9914-0362/resend-invite',
    });
    await stage.fault('softwareone', { kind: 'status', status: 400, route: 'POST */AUSR-2750-9914-0364/resend-invite' }); // prettier-ignore
    for (const who of ['nora.vale', 'pablo.quiroga', 'marek.novotny'])
      await buttonOf(page, who, 'Resend').click();
    await noteOf(page, 'nora.vale').getByText('Not known.').waitFor();
    await noteOf(page, 'pablo.quiroga').getByText('Requested.').waitFor();
    await noteOf(page, 'marek.novotny').getByText('Refused by the vendor.').waitFor();
    expect(await faultsOf(page)).toEqual([]);

    await buttonOf(page, 'rosa', 'Revoke').click();
    await page.getByRole('dialog').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  it('has no violations in people, in one person, and while vendors fail', async () => {
    await stage.fault('softwareone', { kind: 'malformedJson', account: 'contoso' });
    const page = await stage.open('#view=people&vendor=SOFTWAREONE', { colorScheme });
    await page.getByText('Connections of 8 accounts').click();
    expect(await faultsOf(page)).toEqual([]);
    await rowOf(page, 'saga').getByRole('button', { name: 'Saga Lindqvist' }).click();
    await page.getByRole('dialog', { name: 'Saga Lindqvist' }).getByText('Member of no accounts').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });
});

describe('keyboard accessibility: the invite desk', () => {
  it('resends an invite, and the focus stays on the button', async () => {
    const page = await stage.open('#account=contoso');
    for (let tabs = 0; tabs < 40 && (await focused(page)) !== 'Resend: nora.vale@contoso.example'; tabs++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await noteOf(page, 'nora.vale').getByText('Requested.').waitFor();
    expect(await focused(page)).toBe('Resend: nora.vale@contoso.example');
    expect(stage.mailsTo('nora.vale@contoso.example')).toHaveLength(1);
    await page.keyboard.press('Enter');
    expect(stage.mailsTo('nora.vale@contoso.example')).toHaveLength(1);

    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Dismiss the note on nora.vale@contoso.example');
    await page.keyboard.press('Space');
    await noteOf(page, 'nora.vale').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Revoke: nora.vale@contoso.example');
  });

  it('traps the focus inside a dialog, starts at the safe choice, and restores the focus', async () => {
    const page = await stage.open('#account=contoso');
    await buttonOf(page, 'nora.vale', 'Revoke').focus();
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('Cancel');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Revoke invite');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Revoke: nora.vale@contoso.example');
  });

  it('announces the result to screen readers', async () => {
    const page = await stage.open('#account=contoso');
    await buttonOf(page, 'nora.vale', 'Resend').click();
    await page.getByRole('status').filter({ hasText: /^Requested\. The vendor took the request\./ }).waitFor({ state: 'attached' }); // prettier-ignore
    expect(await noteOf(page, 'nora.vale').innerText()).toContain('Requested.');
  });
});

// 640 px is what a screen of 1280 px has left at 200 % zoom.
describe.each([400, 640])('responsive layout: the invite desk at %i px', (width) => {
  it('fits the width, keeps its table a table, and works', async () => {
    const page = await stage.open('#vendor=SOFTWAREONE', { viewport: { width, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.getByRole('table', { name: 'Invites' }).getByRole('row').count()).toBe(12);
    expect(await page.getByRole('columnheader', { name: 'What can be done' }).count()).toBe(1);
    await buttonOf(page, 'pablo.quiroga', 'Resend').click();
    await noteOf(page, 'pablo.quiroga').getByText('Requested.').waitFor();
    await rowOf(page, 'pablo.quiroga').getByRole('button', { name: 'Pablo Quiroga' }).click();
    await page.getByRole('dialog', { name: 'Pablo Quiroga' }).getByText('Member of no accounts').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await faultsOf(page)).toEqual([]);
  });
});

describe('layout shift: the invite desk while it loads', () => {
  it('moves nothing', async () => {
    const page = await stage.open();
    const tops = () =>
      page.evaluate<number[]>(
        `['.filters', '.health', '.bulk', '.roll thead', '.roll-row:nth-child(1)', '.roll-row:nth-child(8)']
          .map((part) => Math.round(document.querySelector(part).getBoundingClientRect().top))`,
      );
    let release: () => void = () => undefined;
    const measured = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/graphql', async (route) => {
      await measured;
      return route.fallback();
    });
    await page.reload();
    await page.locator('.skeleton').first().waitFor();
    const before = await tops();
    release();
    await rowOf(page, 'nora.vale').waitFor();
    expect(await tops()).toEqual(before);
  });
});
