import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sql } from '../support/postgres';
import type { Rollcall } from '../support/start';
import { localIdOf, PERMITTED_WRITES, SEED_INVITES } from '../support/seed-ids';
import { LEDGERS, openPostgresLedgers, openSqliteLedgers } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  mails,
  resend,
  reveal,
  revoke,
  sendNew,
  vendorReads,
  vendorWrites,
  write,
} from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;

const EVERYTHING = `{
  invites(first: 100, filter: { status: [PENDING, ACCEPTED, EXPIRED, DECLINED, REVOKED, UNKNOWN] }) {
    nodes { id status email externalId vendorStatus roles { id name } attempts { id verb outcome actor at vendorRequestId }
      staffMember { id name } actions { resend { allowed } } createdAt expiresAt acceptedAt }
  }
  staffMembers(first: 100) { nodes { id name email avatarUrl vendorStatus invite { id } } }
  accounts { nodes { name url capabilities { note } roles { name } } }
}`;

async function attemptsOf(rollcall: Rollcall, id: string): Promise<string[]> {
  const { data } = await rollcall.query(
    'query ($id: ID!) { invite(id: $id) { attempts { verb outcome actor } } }',
    { id },
  );
  return data?.invite?.attempts?.map(({ verb, outcome, actor }) => `${verb} ${outcome} ${actor ?? ''}`) ?? [];
}

describe.each(LEDGERS)('revealInviteLink, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it('returns the link that the vendor mailed, and records the actor', async () => {
    const rollcall = await stage.start({
      viewer: { tenant: 'acme', accounts: null, subject: 'ada', scopes: 'ALL' },
    });
    await resend(rollcall, softwareone.pending);
    rollcall.forgetRequests();
    const { link, expiresAt, userErrors } = await reveal(rollcall, softwareone.pending);
    expect(userErrors).toEqual([]);
    expect(link).toBe(mails(rollcall)[0]?.link);
    expect(Date.parse(String(expiresAt)) - stage.emulators.clock.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(await attemptsOf(rollcall, softwareone.pending)).toEqual([
      'REVEAL_LINK REQUESTED ada',
      'RESEND REQUESTED ada',
    ]);
    expect(vendorWrites(rollcall)).toEqual([]);
    expect(vendorReads(rollcall)).not.toHaveLength(0);
  });

  it('reads the link anew each time, and counts against no limit', async () => {
    const limits = { emailsPerInvitePerDay: 1, emailsPerAccountPerHour: 1 };
    const rollcall = await stage.start({ limits });
    const first = (await reveal(rollcall, softwareone.pending)).link;
    await resend(rollcall, softwareone.pending);
    const second = (await reveal(rollcall, softwareone.pending)).link;
    expect(second).toBe(mails(rollcall)[0]?.link);
    expect(second).not.toBe(first);
    expect((await reveal(rollcall, softwareone.pending)).link).toBe(second);
  });

  it('returns nothing without a pending invite', async () => {
    const rollcall = await stage.start();
    const told = async (id: string) => {
      const { link, expiresAt, userErrors } = await reveal(rollcall, id);
      expect([link, expiresAt]).toEqual([null, null]);
      return userErrors.map(({ code, field }) => [code, field?.join('.') ?? null]);
    };
    expect(await told(softwareone.expired)).toEqual([['INVITE_EXPIRED', null]]);
    expect(await told(softwareone.accepted)).toEqual([['INVITE_ACCEPTED', null]]);
    expect(await told(softwareone.unknown)).toEqual([['NOT_FOUND', 'input.inviteId']]);
    expect(await told('contoso:../x')).toEqual([['NOT_FOUND', 'input.inviteId']]);
    expect(await told('nowhere:x')).toEqual([['NOT_FOUND', 'input.inviteId']]);
    expect(await told(ecwid.pending)).toEqual([['NOT_SUPPORTED', null]]);
    expect(await told(wix.pending)).toEqual([['NOT_SUPPORTED', null]]);
    expect(await attemptsOf(rollcall, softwareone.expired)).toEqual([]);
  });

  it('refuses a viewer without access to the account, and fails while the vendor cannot be read', async () => {
    const rollcall = await stage.start({
      viewer: { tenant: 'globex', accounts: null, subject: 'dana', scopes: 'ALL' },
    });
    expect((await reveal(rollcall, softwareone.pending)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(rollcall.vendorRequests()).toEqual([]);
    const own = 'globex-iberia:AUSR-6620-5151-0004';
    expect((await reveal(rollcall, own)).link).toMatch(/^https:/);
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 503 });
    expect(await reveal(rollcall, own)).toMatchObject({
      link: null,
      userErrors: [{ code: 'VENDOR_UNAVAILABLE' }],
    });
  });
});

/** Every link that a vendor has mailed or would, and the secrets in them. */
function secretsOf(rollcall: Rollcall): string[] {
  const links = mails(rollcall).map(({ link }) => link);
  return [...new Set(links.flatMap((link) => [link, ...(link.match(/[0-9A-Fa-f]{20,}/g) ?? [])]))];
}

/** Every write there is, some of them under a key, and a link revealed. */
async function doEverything(rollcall: Rollcall): Promise<string[]> {
  const answers: unknown[] = [];
  for (const deeds of Object.values(PERMITTED_WRITES))
    for (const [name, input] of Object.entries(deeds)) {
      const asked = { ...input, idempotencyKey: `${name}-key` };
      answers.push(await write(rollcall, name as keyof typeof deeds, asked));
      answers.push(await write(rollcall, name as keyof typeof deeds, asked));
    }
  answers.push(await revoke(rollcall, wix.expired), await sendNew(rollcall, softwareone.alsoExpired));
  await reveal(rollcall, softwareone.pending);
  const { data } = await rollcall.query(EVERYTHING);
  return [...answers, data].map((answer) => JSON.stringify(answer));
}

describe('secret leak: accept links', () => {
  const files = useLedgerFixture(openSqliteLedgers);
  const server = useLedgerFixture(openPostgresLedgers);

  it('are in no response, no log and no byte of the database file', async () => {
    const storage = await files.storage();
    const rollcall = await files.start({ storage });
    const answers = await doEverything(rollcall);
    const secrets = secretsOf(rollcall);
    expect(secrets.length).toBeGreaterThan(8);
    await files.stop(rollcall);
    const file = storage.replace('sqlite:', '');
    const kept = (await readdir(dirname(file))).filter((name) => name.startsWith(basename(file)));
    const bytes = await Promise.all(kept.map((name) => readFile(join(dirname(file), name), 'latin1')));
    expect(bytes.join('')).toContain(localIdOf(softwareone.pending));
    const everywhere = [...answers, ...rollcall.logged, ...bytes].join('\n');
    expect(secrets.filter((secret) => everywhere.includes(secret))).toEqual([]);
    expect(everywhere).not.toMatch(/join\.(wix|ecwid)\.example/);
    expect(rollcall.logged.join('')).not.toMatch(/@[a-z-]+\.example/);
  });

  it('are in no response, no log and no row of the database', async () => {
    const storage = await server.storage();
    const rollcall = await server.start({ storage });
    const answers = await doEverything(rollcall);
    const secrets = secretsOf(rollcall);
    const rows = await Promise.all(
      ['attempts', 'remembered_invites', 'send_locks'].map((table) => sql(storage, `select * from ${table}`)),
    );
    expect(rows.flat().length).toBeGreaterThan(10);
    const everywhere = [...answers, ...rollcall.logged, JSON.stringify(rows)].join('\n');
    expect(secrets.filter((secret) => everywhere.includes(secret))).toEqual([]);
  });
});
