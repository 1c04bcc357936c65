import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { closeAll } from '../support/close-all';
import { type Client, createClient } from './client';
import { prepareStorage } from './crash-run';
import { DATABASES, type Databases, openDatabases } from './databases';
import { PROGRAM as main } from '../support/process';
import { type Program, startProgram, writeConfig } from './program';
import { createRandom } from '../support/random';
import { planWrites, type PlannedWrite } from '../support/planned-writes';

const AHEAD_MS = 6 * 60_000;
const LIMITS = { idempotencyTtl: '5m' };

let folder: string;
let databases: Databases;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-skew-'));
  databases = openDatabases(folder);
  await databases.warmUp();
});
afterAll(async () => {
  await closeAll(databases);
  rmSync(folder, { recursive: true, force: true });
});

describe.each(DATABASES)('clock skew: two processes whose clocks are six minutes apart, over %s', (kind) => {
  const scale = { accounts: 2, staffPerAccount: 10 };
  let client: Client | undefined;
  let emulators: Emulators;
  let programs: Program[] = [];
  let writes: PlannedWrite[];
  let urls: [string, string];
  beforeAll(async () => {
    emulators = await startEmulators({ world: scale });
    const storage = await databases.create(kind);
    writes = planWrites(emulators, scale, 6, { verbs: ['RESEND'], refused: 0 }, createRandom(7));
    await prepareStorage(writes, emulators, storage);
    const { file, token } = await writeConfig(mkdtempSync(join(folder, 'run-')), {
      emulators,
      storage,
      limits: LIMITS,
    });
    programs = [startProgram(main, file), startProgram(main, file, AHEAD_MS)];
    urls = (await Promise.all(programs.map(({ url }) => url))) as [string, string];
    client = createClient(token);
  });
  afterAll(async () => {
    await closeAll(
      client,
      programs.map(({ kill }) => ({ close: kill })),
      emulators,
    );
  });

  const ask = (url: string, write: PlannedWrite | undefined, key: string | null) => {
    if (!client || !write) throw new Error('not started');
    return client.ask(url, { ...write, input: { ...write.input, idempotencyKey: key } });
  };
  const posts = () =>
    [emulators.ecwid, emulators.softwareone, emulators.wix].flatMap(({ requests }) =>
      requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/sites/query')),
    ).length;

  it('sends no second email before the cooldown is over', async () => {
    const before = posts();
    expect((await ask(urls[0], writes[0], null)).outcome).toBe('REQUESTED');
    expect(await ask(urls[1], writes[0], null)).toMatchObject({ outcome: 'NOT_SENT', code: 'COOLDOWN' });
    expect(posts() - before).toBe(1);
  });

  it('locks nobody out for longer than the cooldown', async () => {
    expect((await ask(urls[1], writes[1], null)).outcome).toBe('REQUESTED');
    const { code, availableAt } = await ask(urls[0], writes[1], null);
    expect(code).toBe('COOLDOWN');
    expect(Date.parse(availableAt ?? '')).toBeLessThanOrEqual(Date.now() + 61_000);
  });

  it('knows an idempotency key that is younger than its time to live', async () => {
    const before = posts();
    const first = await ask(urls[0], writes[2], 'skewed');
    const second = await ask(urls[1], writes[2], 'skewed');
    expect([first.outcome, second.outcome]).toEqual(['REQUESTED', 'REQUESTED']);
    expect(second.attemptId).toBe(first.attemptId);
    expect(posts() - before).toBe(1);
  });
});
