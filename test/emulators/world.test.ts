import { readCommandLine } from '../../src/emulators/options';
import { configFragment } from '../../src/emulators/print-config';
import { createLog } from '../../src/emulators/shell/log';
import { startEmulators, type Emulators } from '../../src/emulators/start';
import { demoWorld } from '../../src/emulators/world/demo';
import { people } from '../../src/emulators/world/demo-people';
import { scaledWorld } from '../../src/emulators/world/scaled';
import { closeAll } from '../support/close-all';
import { at, clientOf } from './vendor-client';

const epoch = Date.parse('2026-05-01T00:00:00Z');
const day = 24 * 60 * 60 * 1000;

describe('demo seed', () => {
  const world = demoWorld(epoch);

  it('is byte-identical for equal epochs, and moves with the epoch', () => {
    expect(JSON.stringify(demoWorld(epoch))).toBe(JSON.stringify(world));
    expect(JSON.stringify(demoWorld(epoch + day))).not.toBe(JSON.stringify(world));
  });

  it('has eight accounts in two tenants', () => {
    expect(world.accounts.map(({ tenant, key }) => `${tenant}/${key}`)).toEqual([
      'acme/harbor-tea',
      'acme/maple-books',
      'acme/harbour-cafe',
      'acme/contoso',
      'acme/contoso-nordic',
      'globex/globex-parts',
      'globex/globex-studio',
      'globex/globex-iberia',
    ]);
    expect(world.accounts.filter((account) => 'wixAccountId' in account)).toHaveLength(1);
  });

  it('has at least 45 people, all with email addresses under .example', () => {
    const emails = Object.values(people).map(([, , email]) => email);
    expect(new Set(emails).size).toBeGreaterThanOrEqual(45);
    expect(emails.filter((email) => !email.endsWith('.example'))).toEqual([]);
  });

  it('has every possible invite state', () => {
    const wix = new Set(world.wix.flatMap(({ invites }) => invites.map(({ status }) => status)));
    expect([...wix].sort()).toEqual(['Declined', 'Deleted', 'Expired', 'Pending', 'Used']);
    const remembered = new Set(world.remembered.wix.map(({ invite }) => invite.id));
    const cafe = world.wix.find(({ key }) => key === 'harbour-cafe');
    expect(cafe?.invites.filter(({ id }) => !remembered.has(id)).length).toBeGreaterThanOrEqual(2);
    const contoso = world.softwareone.memberships.filter(({ accountId }) => accountId === 'ACC-4821-7730');
    expect(contoso.length).toBeGreaterThanOrEqual(12);
    expect(world.softwareone.users.some(({ blocked }) => blocked)).toBe(true);
  });

  it('keeps pending invites pending for two days, and expired invites expired', () => {
    const late = epoch + 3 * day;
    for (const { joined, invitedAt } of world.softwareone.memberships) {
      const age = (now: number) => (now - Date.parse(invitedAt)) / day;
      const steady = joined || age(late) < 7 || age(epoch) >= 7;
      expect([invitedAt, steady]).toEqual([invitedAt, true]);
    }
    for (const { status, expirationDate } of world.wix.flatMap(({ invites }) => invites)) {
      const steady = status !== 'Pending' || Date.parse(expirationDate) > late;
      expect([
        expirationDate,
        steady && (status !== 'Expired' || Date.parse(expirationDate) < epoch),
      ]).toEqual([expirationDate, true]);
    }
  });

  it('has contributors for every accepted invite, and the same ids and people across tenants', () => {
    for (const { invites, contributors } of world.wix) {
      const ids = contributors.map(({ accountId }) => accountId);
      const used = invites.flatMap(({ acceptedByAccountId }) => acceptedByAccountId ?? []);
      expect(ids).toEqual(expect.arrayContaining(used));
    }
    const storesWith = (id: string) =>
      world.ecwid.filter(({ staff }) => staff.some((row) => row.id === id)).map(({ key }) => key);
    expect(storesWith('p90145566')).toEqual(['harbor-tea', 'globex-parts']);
  });
});

describe('generated seed', () => {
  it('has the requested number of accounts and staff, a fifth of them pending', () => {
    const world = scaledWorld(epoch, { accounts: 3, staffPerAccount: 50 });
    expect(world.accounts.map(({ key }) => key)).toEqual([
      'ecwid-0001',
      'ecwid-0002',
      'ecwid-0003',
      'softwareone-0001',
      'softwareone-0002',
      'softwareone-0003',
      'wix-0001',
      'wix-0002',
      'wix-0003',
    ]);
    expect(world.ecwid[0]?.staff.filter(({ inviteAccepted }) => !inviteAccepted)).toHaveLength(10);
    expect(world.softwareone.memberships).toHaveLength(150);
    expect(world.softwareone.memberships.filter(({ joined }) => !joined)).toHaveLength(30);
    expect(world.wix[2]?.invites.filter(({ status }) => status === 'Pending')).toHaveLength(10);
    expect(world.wix[2]?.contributors).toHaveLength(40);
    expect(world.remembered.wix.filter(({ account }) => account === 'wix-0003')).toHaveLength(50);
    expect(JSON.stringify(scaledWorld(epoch, { accounts: 3, staffPerAccount: 50 }))).toBe(
      JSON.stringify(world),
    );
  });

  it('has unique ids', () => {
    const { softwareone, wix } = scaledWorld(epoch, { accounts: 20, staffPerAccount: 300 });
    const ids = [
      ...softwareone.memberships.map(({ id }) => id),
      ...softwareone.users.map(({ id }) => id),
      ...wix.flatMap(({ invites }) => invites.map(({ id }) => id)),
    ];
    expect(new Set(ids).size).toBe(3 * 20 * 300);
  });
});

describe('emulator runs with the same seed', () => {
  const running: Emulators[] = [];
  afterEach(async () => {
    await closeAll(running.splice(0));
  });
  const start = async (options: Parameters<typeof startEmulators>[0]) => {
    const emulators = await startEmulators(options);
    running.push(emulators);
    return emulators;
  };

  it('give byte-identical responses, including writes and errors', async () => {
    const talk = async () => {
      const emulators = await start({ epoch: '2026-05-01T00:00:00Z' });
      const contoso = clientOf(emulators, 'contoso');
      const cafe = clientOf(emulators, 'harbour-cafe');
      const user = { email: 'n@contoso.example', firstName: 'N', lastName: 'N' };
      const answers = [
        await clientOf(emulators, 'harbor-tea')('GET', '/staff'),
        await contoso('GET', '/accounts/account-users?select=audit'),
        await contoso('POST', '/accounts/account-users?select=-*,id,invitation', {
          user,
          groups: [{ id: 'UGR-6104-2288' }],
        }),
        await contoso('GET', '/nowhere'),
        await cafe('POST', `/invites/site-invite/${emulators.remembered.wix[0]?.invite.id ?? ''}/resend`),
      ];
      return answers.map(({ text, headers }) => [text, headers['x-wix-request-id']]);
    };
    expect(await talk()).toEqual(await talk());
  });

  it('serve all accounts of a generated seed', async () => {
    const emulators = await start({ world: { accounts: 2, staffPerAccount: 10 } });
    const total = async (key: string) =>
      at(
        (await clientOf(emulators, key)('GET', '/accounts/account-users?limit=0')).json,
        '$meta.pagination.total',
      );
    expect(await total('softwareone-0002')).toBe(10);
    expect(at((await clientOf(emulators, 'ecwid-0002')('GET', '/staff')).json, 'staffList')).toHaveLength(10);
    const query = await clientOf(emulators, 'wix-0002')('GET', '/roles-management/v2/contributors/query');
    expect(at(query.json, 'contributors')).toHaveLength(8);
  });

  it('add the latency to every response, and stop while responses are pending', async () => {
    const emulators = await start({ latencyMs: 30 });
    const started = performance.now();
    expect((await clientOf(emulators, 'harbor-tea')('GET', '/staff')).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(28);
    emulators.ecwid.faults.add({ kind: 'hang' });
    const hung = clientOf(emulators, 'harbor-tea')('GET', '/staff').catch(() => 'cut');
    while (emulators.ecwid.requests.length < 2) await new Promise(setImmediate);
    await emulators.close();
    expect(await hung).toBe('cut');
  });

  it('leave nothing running when a port is in use', async () => {
    const emulators = await start({});
    const port = Number(new URL(emulators.wix.baseUrl).port);
    await expect(startEmulators({ ports: { wix: port } })).rejects.toThrow('EADDRINUSE');
    await expect(startEmulators({ epoch: 'soon' })).rejects.toThrow('epoch');
  });
});

it('emulator request log: keeps the latest entries and counts all', () => {
  const log = createLog<number>(100);
  for (let entry = 0; entry < 1000; entry += 1) log.add(entry);
  expect(log.total).toBe(1000);
  expect(log.entries.length).toBeGreaterThanOrEqual(90);
  expect(log.entries.length).toBeLessThanOrEqual(100);
  expect(log.entries.at(-1)).toBe(999);
});

describe('emulator command line', () => {
  it('runs the demo seed without flags, and a generated seed with flags', () => {
    expect(readCommandLine([]).options).toMatchObject({ world: 'demo', latencyMs: 0 });
    const flags = [
      '--accounts',
      '60',
      '--wix-port',
      '4103',
      '--latency-ms',
      '20',
      '--epoch',
      '2026-05-01T00:00:00Z',
    ];
    expect(readCommandLine([...flags, '--print-config'])).toEqual({
      printConfig: true,
      options: {
        world: { accounts: 60, staffPerAccount: 50 },
        ports: { ecwid: 0, softwareone: 0, wix: 4103 },
        latencyMs: 20,
        epoch: '2026-05-01T00:00:00Z',
      },
    });
  });

  it.each([
    ['--accounts', 'x'],
    ['--wix-port', '65536'],
    ['--epoch', 'soon'],
    ['--unknown', '1'],
  ])('refuses %s %s, naming the flag', (flag, value) => {
    expect(() => readCommandLine([flag, value])).toThrow(flag);
  });

  it('prints the entries for a configuration file', () => {
    const { accounts } = demoWorld(epoch);
    const vendors = {
      ecwid: { baseUrl: 'http://e' },
      softwareone: { baseUrl: 'http://s' },
      wix: { baseUrl: 'http://w' },
    };
    const lines = configFragment({ vendors, accounts: accounts.slice(0, 1) }).split('\n');
    expect(lines).toEqual([
      'vendors:',
      '  ecwid: { baseUrl: "http://e" }',
      '  softwareone: { baseUrl: "http://s" }',
      '  wix: { baseUrl: "http://w" }',
      'accounts:',
      '  - key: "harbor-tea"',
      '    tenant: "acme"',
      '    vendor: "ecwid"',
      '    storeId: "7700142"',
      '    token: "secret_demo_harbor_tea"',
      '',
    ]);
  });
});
