import { pino } from 'pino';
import { startApp } from '../../src/app';
import { everyone } from '../../src/demo';
import { startEmulators } from '../../src/emulators/start';
import { at } from '../support/at';
import { configOf, EPOCH } from '../support/config';
import { startSecured } from '../support/secured';

const STAFF = 'query Staff { staffMembers(first: 1, filter: { accountIds: ["contoso"] }) { nodes { id } } }';
const RESEND = `mutation { resendInvite(input: { inviteId: "contoso:AUSR-2750-9914-0362" }) { outcome } }`;

describe('observers of an operation: log, metrics, traces', () => {
  it('do not change its answer when they fail', async () => {
    const emulators = await startEmulators({ world: 'demo', epoch: EPOCH });
    let broken = false;
    const log = pino(
      {
        hooks: {
          logMethod(args, method) {
            if (broken) throw new Error('The log is broken.');
            method.apply(this, args);
          },
        },
        enabled: true,
      },
      { write: () => undefined },
    );
    const config = configOf(emulators, {
      server: { host: '127.0.0.1', port: 0 },
      limits: { cacheTtl: '0s' },
      accounts: emulators.accounts,
    });
    const app = await startApp({ config, log, viewer: everyone, clock: () => emulators.clock.now() });
    broken = true;
    try {
      const ask = async (query: string): Promise<[number, unknown]> => {
        const response = await fetch(app.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        });
        return [response.status, await response.json()];
      };
      for (let times = 0; times < 4; times++) {
        const [status, body] = await ask(STAFF);
        expect([status, at(body, 'data.staffMembers.nodes')]).toEqual([
          200,
          [{ id: expect.any(String) as string }],
        ]);
        expect((await ask('{ nothing }'))[0]).toBe(400);
      }
      expect(await ask(RESEND)).toEqual([200, { data: { resendInvite: { outcome: 'REQUESTED' } } }]);
      expect(emulators.softwareone.mails).toHaveLength(1);
    } finally {
      broken = false;
      await app.close();
      await emulators.close();
    }
  });

  it('take any operation name and any subject', async () => {
    const app = await startSecured();
    const names = ['__proto__', 'constructor', 'toString', '_', 'N'.repeat(10_000)];
    const subjects = ['__proto__', 'constructor', ' ', '\u{1F600}', '"', '\\', '%s %d %o', 'a'.repeat(255)];
    for (const name of names)
      for (const sub of subjects) {
        const token = await app.signer.sign({ sub });
        const { status, data } = await app.ask(`query ${name} { accounts { totalCount } }`, { token });
        expect([status, at(data, 'accounts.totalCount')]).toEqual([200, 5]);
      }
    const lines = app.logged.map((line) => JSON.parse(line) as { level: number; operation?: string });
    expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
    expect(lines.filter(({ operation }) => operation === '__proto__')).toHaveLength(subjects.length);
    await app.close();
  });
});
