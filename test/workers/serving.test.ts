import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { createMetrics } from '../../src/metrics';
import { waitFor } from '../support/wait-for';
import { endAll, post, startWorkers, type Workers } from './stage';

/** Whether callers go on; none outlives its test. */
let busy = false;
afterEach(async () => {
  busy = false;
  await endAll();
});

const QUERY = 'query Q { accounts(first: 1) { nodes { id } } }';

/** A scrape, by whichever worker it comes to. */
const scrape = async (app: Workers): Promise<string> => (await app.get('/metrics')).text;

/** The value of one series in a scrape; 0 where there is none. */
async function series(app: Workers, name: string): Promise<number> {
  const text = await scrape(app);
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}

const QUERIES = 'graphql_operation_duration_seconds_count{type="query",outcome="ok"}';

describe('several workers', () => {
  it('serve on one port, and log it once', async () => {
    const app = await startWorkers(3);
    await app.askAll(QUERY);
    expect(new Set([1, 2, 3].map((worker) => app.pidOf(worker))).size).toBe(3);
    const ready = app.lines().filter(({ msg }) => msg === 'ready');
    expect(ready).toEqual([expect.objectContaining({ level: 30, url: app.url, workers: 3 })]);
    expect(app.lines().filter(({ level }) => level === undefined)).toEqual([]);
    expect(app.process.stderr).toEqual([]);
  });

  it('write whole log lines, however long and many', async () => {
    const app = await startWorkers(3);
    // Longer than what a pipe takes in one piece.
    const name = 'N'.repeat(20_000);
    const document = QUERY.replace('Q', name);
    const authorization = `Bearer ${app.token}`;
    await Promise.all(
      Array.from({ length: 120 }, () => post(app.url, { query: document }, { authorization })),
    );
    await waitFor(() => app.lines().filter(({ operation }) => operation !== undefined).length === 120);
    expect(app.lines().filter(({ level }) => level === undefined)).toEqual([]);
    expect(new Set(app.lines().flatMap(({ worker }) => worker ?? [])).size).toBe(3);
  });

  it('have their metrics summed, including those of a dead worker', async () => {
    const app = await startWorkers(3);
    for (let asked = 0; asked < 30; asked++) await app.askAnew(QUERY);
    expect(await series(app, QUERIES)).toBe(30);
    expect(await series(app, 'vendor_connections{vendor="ECWID",state="OK"}')).toBe(3);
    expect(await series(app, 'ledger_writable')).toBe(1);
    const start = await series(app, 'process_start_time_seconds');
    expect(Math.abs(start - Date.now() / 1000)).toBeLessThan(60);
    const types = (text: string) => text.split('\n').filter((line) => line.startsWith('# TYPE '));
    const alone = createMetrics({ connections: () => [], ledger: () => Promise.resolve(0) }).registry;
    expect(types(await scrape(app)).sort()).toEqual(types(await alone.metrics()).sort());

    await app.replace(2);
    expect(await series(app, QUERIES)).toBe(30);
    for (let asked = 0; asked < 9; asked++) await app.askAnew(QUERY);
    expect(await series(app, QUERIES)).toBe(39);
  });

  it('report the last known metrics of a stuck worker', async () => {
    const app = await startWorkers(3);
    for (let asked = 0; asked < 12; asked++) await app.askAnew(QUERY);
    expect(await series(app, QUERIES)).toBe(12);
    process.kill(app.pidOf(3), 'SIGSTOP');
    // The next connection is its turn, or the one after: whoever is handed to it waits.
    const scrapes = [1, 2, 3].map(() => series(app, QUERIES));
    await waitFor(async () => (await Promise.race([Promise.any(scrapes), delay(50, 0)])) === 12);
    process.kill(app.pidOf(3), 'SIGCONT');
    expect(await Promise.all(scrapes)).toEqual([12, 12, 12]);
  });

  it('are replaced after a crash, without any effect on the others', async () => {
    const app = await startWorkers(3);
    await app.askAll(QUERY);
    const before = app.pidOf(2);
    const authorization = `Bearer ${app.token}`;
    const results: { sent: number; failed: string | null }[] = [];
    busy = true;
    const caller = async (): Promise<void> => {
      while (busy) {
        const sent = performance.now();
        const failed = await post(app.url, { query: QUERY }, { authorization }).then(
          ({ status }) => (status === 200 ? null : String(status)),
          (error: unknown) => (error as Error).message,
        );
        results.push({ sent, failed });
      }
    };
    const callers = Array.from({ length: 6 }, caller);
    await waitFor(() => results.length > 50);
    const killed = performance.now();
    process.kill(before, 'SIGKILL');
    const line = await app.process.logged({ msg: 'worker has ended, another one follows' });
    const noticed = performance.now();
    expect(line).toMatchObject({ level: 50, worker: 2, pid: before, exit: 'SIGKILL', pauseMs: 0 });
    await waitFor(() => app.pidOf(2) !== before);
    const soon = results.length + 50;
    await waitFor(() => results.length > soon);
    busy = false;
    await Promise.all(callers);

    const failed = results.filter((result) => result.failed !== null);
    expect(failed.filter(({ sent }) => sent > noticed)).toEqual([]);
    expect(failed.length).toBeLessThanOrEqual(6);
    // Whose answer is lost learns so, and does not wait for it.
    expect(failed.filter((result) => result.failed === 'no answer')).toEqual([]);
    expect(results.filter(({ sent }) => sent < killed).length).toBeGreaterThan(50);
    await app.askAll(QUERY);
    expect(app.lines().filter(({ msg }) => msg === 'ready')).toHaveLength(1);
  });

  it('are replaced with a backoff after repeated crashes', async () => {
    const app = await startWorkers(2);
    const ends = () => app.lines().filter(({ msg }) => msg === 'worker has ended, another one follows');
    await app.replace(1);
    await app.replace(1);
    await app.replace(2);
    await app.replace(1);
    expect(ends().map(({ worker, pauseMs }) => [worker, pauseMs])).toEqual([
      [1, 0],
      [1, 1000],
      [2, 0],
      [1, 2000],
    ]);
    await app.askAll(QUERY);
  });

  it('exit one by one on an uncaught error, which is logged', async () => {
    const preload = [join(__dirname, '..', 'support', 'preload', 'uncaught-errors.cjs')];
    const app = await startWorkers(2, { preload, env: { TEST_UNCAUGHT_ERROR: 'throw' } });
    const before = app.pidOf(2);
    process.kill(before, 'SIGUSR2');
    await waitFor(() => app.pidOf(2) !== before);
    expect(await app.process.logged({ msg: 'uncaught' })).toMatchObject({ level: 60, worker: 2 });
    const ended = await app.process.logged({ msg: 'worker has ended, another one follows' });
    expect(ended).toMatchObject({ worker: 2, exit: 1 });
    await app.askAll(QUERY);
  });

  it('can be stopped one by one: running operations end, and a replacement starts (graceful shutdown)', async () => {
    const app = await startWorkers(2);
    app.emulators.softwareone.faults.add({ kind: 'latency', ms: 800 });
    const slow = app.askOf(1, '{ account(id: "contoso") { name } }', { 'cache-control': 'no-cache' });
    await waitFor(() => app.vendorCalls().length > 0);
    const before = app.pidOf(1);
    process.kill(before, 'SIGTERM');
    await waitFor(() => app.pidOf(1) !== before);
    expect((await slow).data).toEqual({ account: { name: expect.any(String) as string } });
    expect(await app.process.logged({ msg: 'worker has ended, another one follows' })).toMatchObject({
      exit: 0,
    });
    expect(app.process.isOver()).toBe(false);
  });
});
