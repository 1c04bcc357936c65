import { fieldsOf, reading } from '../../support/provider';
import type { Provider } from '../../../src/vendors/provider';
import { codeOf } from './failures';
import type { Suite, Tests } from './suite';

const everyone = { status: null, emails: null, search: null };
const plain = () => reading(fieldsOf({ role: ['id'] }));
const listStaff = (provider: Provider) => provider.staffPage(plain(), { first: 100, after: null }, everyone);

/** A row that cannot be used, and what is changed to make it so. */
const BAD_ROWS = [
  ['null', '', null],
  ['a number', '', 7],
  ['a text', '', 'row'],
  ['a list', '', []],
  ['an empty object', '', {}],
  ['without a usable id', '.ID', '../profile'],
] as const;

/** Lists that break their contract, as a whole or in one row. */
export function badListTests({ provider: expected, demo }: Suite): Tests {
  const { listRoute: route, listPath, idField } = expected;
  const connect = () => demo().connect(expected.account);

  return {
    ...Object.fromEntries(
      (['remove', 'null', 'retype'] as const).map((change) => [
        `is PROTOCOL and never an empty one: ${change}`,
        async () => {
          const { provider, vendor } = connect();
          vendor.faults.add({ kind: 'patchBody', changes: [{ path: listPath, change }], route });
          expect((await codeOf(listStaff(provider))).code).toBe('PROTOCOL');
        },
      ]),
    ),

    ...Object.fromEntries(
      BAD_ROWS.map(([what, path, value]) => [
        `in one row costs that row alone: ${what}`,
        async () => {
          const good = await listStaff(connect().provider);
          const { provider, vendor } = connect();
          const changes = [
            // Ecwid knows a person by address too.
            { path: `${listPath}.1.email`, change: 'remove' },
            { path: `${listPath}.1${path.replace('ID', idField)}`, change: 'set', value },
          ] as const;
          vendor.faults.add({ kind: 'patchBody', changes, route });
          const { rows } = await listStaff(provider);
          expect(rows).toHaveLength(good.rows.length - 1);
          expect(good.rows.map(({ item }) => item.id)).toEqual(
            expect.arrayContaining(rows.map(({ item }) => item.id)),
          );
        },
      ]),
    ),

    'in one row costs nobody else in any page': async () => {
      const every = (await listStaff(connect().provider)).rows.map(({ item }) => item.id);
      const { provider, vendor } = connect();
      vendor.faults.add({
        kind: 'patchBody',
        changes: [{ path: `${listPath}.1`, change: 'set', value: null }],
        route,
        times: 1,
      });
      const seen: string[] = [];
      let after: string | null = null;
      for (let more = true; more && seen.length <= every.length;) {
        const page: Awaited<ReturnType<typeof listStaff>> = await provider.staffPage(
          plain(),
          { first: 3, after },
          everyone,
        );
        seen.push(...page.rows.map(({ item }) => item.id));
        after = page.rows.at(-1)?.position ?? after;
        more = page.more;
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(every.filter((id) => !seen.includes(id)).length).toBeLessThanOrEqual(1);
    },

    'in a field costs that field alone': async () => {
      const good = await listStaff(connect().provider);
      const { provider, vendor } = connect();
      vendor.faults.add({
        kind: 'patchBody',
        changes: [{ path: `${listPath}.*.name`, change: 'retype' }],
        route,
      });
      const { rows } = await listStaff(provider);
      expect(rows.map(({ item }) => item.id)).toEqual(good.rows.map(({ item }) => item.id));
    },
  };
}
