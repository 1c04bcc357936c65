import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { closeAll } from '../support/close-all';
import { openPostgres, type TestPostgres } from '../support/postgres';

/** Runs the command in a process of its own: it replaces the clocks and timers of its process. */
const simulate = (...args: readonly string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const command = ['--max-semi-space-size=64', join(__dirname, 'run.mjs'), ...args];
    const options = { encoding: 'utf8', maxBuffer: 1 << 26 } as const;
    const child = execFile(process.execPath, command, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? 1, output: stdout + stderr });
    });
  });

describe('deterministic simulation of writes', () => {
  // In parts, so that none of them is long on a busy machine.
  it.each([1, 2501, 5001, 7501])(
    'breaks no property in 2,500 histories, SQLite: from seed %i',
    async (from) => {
      const { code, output } = await simulate('--from', String(from), '--histories', '2500');
      expect({ code, failed: /FAILED[^]*/.exec(output)?.[0] }).toEqual({ code: 0 });
      // Histories in which nothing happens would show nothing.
      expect(SEEN.filter((what) => !output.includes(`${what}: `))).toEqual([]);
    },
  );

  it('makes the same history from the same seed, and from the recorded choices', async () => {
    const { output } = await simulate('--twice', '--from', '1', '--histories', '100');
    expect(output).toContain('100 histories from seed 1, 0 of them another one the second time');
  });

  it('finds a history that breaks a property when a repair is taken away, for each repair', async () => {
    const { code, output } = await simulate('--mutants', '--recorded', '--histories', '4000');
    expect({ code, missing: output.split('\n').filter((line) => line.includes('| none |')) }).toEqual({
      code: 0,
      missing: [],
    });
  });
});

/** What vendors execute and callers are answered in some history. */
const SEEN = [
  ...['WIX resend', 'WIX revoke', 'WIX bulk', 'ECWID invite', 'ECWID staff'],
  ...['SOFTWAREONE resend-invite', 'SOFTWAREONE send-new-invite', 'SOFTWAREONE account-users'],
  ...['REQUESTED', 'UNKNOWN OUTCOME_UNKNOWN', 'REJECTED VENDOR_REJECTED', 'NOT_SENT COOLDOWN'],
  ...['NOT_SENT IN_PROGRESS', 'NOT_SENT NOT_RECORDED', 'NOT_SENT IDEMPOTENCY_CONFLICT'],
];

describe('deterministic simulation of writes, PostgreSQL', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await openPostgres();
  });
  afterAll(() => closeAll(server));

  it('breaks no property in 300 histories', async () => {
    const { code, output } = await simulate(
      '--from',
      '1',
      '--histories',
      '300',
      '--postgres',
      await server.database(),
    );
    expect({ code, failed: /FAILED[^]*/.exec(output)?.[0] }).toEqual({ code: 0 });
  });
});
