import { waitFor } from '../support/wait-for';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import type { Another } from '../support/served';
import { type Load, startLoad, type Story } from './load';
import {
  CONNECTION,
  counted,
  crowd,
  EMAILS_PER_HOUR,
  portOf,
  seenOf,
  sightsOf,
  STAFF,
  startThree,
  type Three,
  type Told,
  writesTo,
} from './three';

const VENDORS = ['ecwid', 'softwareone', 'wix'] as const;
const accountsOf = (...numbers: readonly number[]): string[] =>
  numbers.flatMap((number) => VENDORS.map((vendor) => `${vendor}-000${number}`));

let three: Three;
let load: Load;
beforeAll(async () => {
  three = await startThree();
});
afterEach(() => closeAll(load));
afterAll(() => closeAll(three));

/** Reads of accounts 1 to 7, and as many writes to these accounts as they may have in an hour. */
function startLoadOn(...accounts: readonly number[]): void {
  const lists = accountsOf(...accounts).map((key) => writesTo(three, key).slice(0, EMAILS_PER_HOUR));
  // Neighbours go to different accounts.
  const writes = lists[0]?.flatMap((_, index) => lists.flatMap((list) => list[index] ?? [])) ?? [];
  load = startLoad(three, accountsOf(1, 2, 3, 4, 5, 6, 7), writes);
}

/** Waits for so many more answers to reads and to writes. */
async function goOn(reads: number, writes: number): Promise<void> {
  const told = (): number => load.stories.filter(({ answer }) => answer).length;
  const [readsThen, writesThen] = [load.reads.length, told()];
  await waitFor(() => load.reads.length >= readsThen + reads && told() >= writesThen + writes);
}

const unanswered = (told: readonly Told[]): Told[] => told.filter(({ answered }) => !answered);
const endsOf = (told: readonly { readonly end: string }[]): string[] =>
  Object.keys(counted(told.map(({ end }) => end))).sort();

/** All has been answered, with what was to be answered, and every write was sent once. */
function expectNothingLost(): void {
  expect(endsOf(load.reads)).toEqual(['CACHED', 'FRESH']);
  expect(load.stories.filter(({ lost }) => lost.length > 0)).toEqual([]);
  expect(endsOf(load.stories.flatMap(({ answer }) => answer ?? []))).toEqual(['REQUESTED']);
  const sights = sightsOf(
    three,
    load.stories.map(({ write }) => write),
  );
  expect(counted(sights)).toEqual({ '1/1': load.stories.length });
}

/** Whether Redis is there, as each of them sees it. */
const areConnected = async (is: '0' | '1'): Promise<boolean> => {
  const texts = await Promise.all(three.replicas.map(async (each) => (await each.get('/metrics')).text));
  return texts.every((text) => /^redis_connected (\d)$/m.exec(text)?.[1] === is);
};

/** As a balancer that asks for health does: hands connections to those alone that say they are ready. */
function watchReadiness(): { known: Set<Another>; stop(): Promise<void> } {
  const known = new Set(three.replicas);
  let watching = true;
  const watch = async (): Promise<void> => {
    while (watching) {
      const ready = await Promise.all(
        [...known].map(async (each) => {
          const { status } = await each.get('/readyz').catch(() => ({ status: 0 }));
          return status === 200 ? [portOf(each)] : [];
        }),
      );
      three.balancer.use(ready.flat());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const watched = watch();
  return {
    known,
    stop: () => {
      watching = false;
      return watched;
    },
  };
}

describe('three replicas under load', () => {
  it('lose only the requests in flight at kill -9 of one replica, and repeat no write', async () => {
    const [waiting, paused] = ['ecwid-0008', 'softwareone-0008'] as const;
    const { ecwid, softwareone } = three.served.emulators;
    // It asks for all of them when it dies.
    ecwid.faults.add({ kind: 'hang', account: waiting, times: 1 });
    const headers = { 'retry-after': '600' };
    softwareone.faults.add({ kind: 'status', status: 429, headers, account: paused, times: 1 });
    expect((await three.source(paused)).end).toBe('FAILED THROTTLED');
    startLoadOn(1, 2);
    const victim = three.replicas[2];
    if (!victim) throw new Error('no replica');
    const port = portOf(victim);
    await goOn(50, 5);
    expect(unanswered(load.reads)).toEqual([]);
    const asked = victim.ask(STAFF, { variables: { account: waiting } }).catch(() => null);
    await waitFor(() => seenOf(three, waiting).length === 1);
    // At the worst moment for one write: its vendor has it, and no answer has come.
    const isThere = ({ write, clientPorts, answer }: Story): boolean =>
      answer === null &&
      three.balancer.behind(clientPorts.at(-1) ?? 0) === port &&
      sightsOf(three, [write])[0]?.startsWith('1') === true;
    await waitFor(() => load.stories.some(isThere));
    victim.process.signal('SIGKILL');
    await victim.process.ended;
    expect(await asked).toBeNull();
    three.replicas = three.replicas.filter((each) => each !== victim);

    const answers = await crowd(20, () => three.source(waiting));
    expect(endsOf(answers).filter((end) => end !== 'CACHED' && end !== 'FRESH')).toEqual([]);
    // The question of the dead one, and at most one of each that has waited for it in vain.
    const questions = seenOf(three, waiting).length;
    expect(questions).toBeLessThanOrEqual(1 + three.replicas.length);
    expect(endsOf(await crowd(20, () => three.source(waiting)))).toEqual(['CACHED']);
    expect(seenOf(three, waiting)).toHaveLength(questions);

    const next = await three.served.another();
    three.replicas.push(next);
    const { data } = await next.ask(CONNECTION, { variables: { account: paused } });
    expect(at(data, 'account.connection.state')).toBe('THROTTLED');
    three.useAll();
    await waitFor(() => three.balancer.open(portOf(next)) > 0);
    await goOn(50, 5);
    await load.stop();
    expect(endsOf(await crowd(9, () => three.source(paused, { fresh: true })))).toEqual(['FAILED THROTTLED']);
    expect(seenOf(three, paused)).toHaveLength(1);

    expect(endsOf(load.reads.filter(({ answered }) => answered))).toEqual(['CACHED', 'FRESH']);
    const lost = load.stories.flatMap((story) => story.lost);
    const cut = [...unanswered(load.reads), ...lost];
    expect(cut.filter(({ clientPort }) => !three.balancer.wasBehind(clientPort, port))).toEqual([]);
    expect(lost.length).toBeGreaterThan(0);
    const hit = load.stories.filter((story) => story.lost.length > 0);
    const unhurt = load.stories.filter((story) => story.lost.length === 0);
    expect(endsOf(unhurt.flatMap(({ answer }) => answer ?? []))).toEqual(['REQUESTED']);
    const sights = (stories: readonly Story[]) =>
      counted(
        sightsOf(
          three,
          stories.map(({ write }) => write),
        ),
      );
    expect(sights(unhurt)).toEqual({ '1/1': unhurt.length });
    // When the leases of the dead replica have ended, its writes are answered by any other, and sent no more than once.
    const ends = async (): Promise<string[]> =>
      endsOf(await Promise.all(hit.map(({ write }) => three.write(write))));
    await waitFor(async () => !(await ends()).includes('NOT_SENT IN_PROGRESS'));
    expect((await ends()).filter((end) => end !== 'REQUESTED' && end !== 'UNKNOWN OUTCOME_UNKNOWN')).toEqual(
      [],
    );
    expect(Object.keys(sights(hit)).filter((sight) => sight !== '1/1' && sight !== '0/0')).toEqual([]);
  });

  it('continue without Redis, and share again when it is back', async () => {
    startLoadOn(6, 7);
    await goOn(50, 5);
    await three.redis.kill();
    await waitFor(() => areConnected('0'));
    await goOn(100, 10);
    await three.redis.start();
    await waitFor(() => areConnected('1'));
    await goOn(50, 5);
    await load.stop();
    expectNothingLost();
    const account = 'wix-0008';
    const before = seenOf(three, account).length;
    const answers = await crowd(60, () => three.source(account));
    expect(new Set(answers.map(({ asOf }) => asOf)).size).toBe(1);
    expect(seenOf(three, account)).toHaveLength(before + 1);
  });

  it('lose no request in a rolling restart (graceful shutdown)', async () => {
    startLoadOn(3, 4, 5);
    const { known, stop } = watchReadiness();
    try {
      await goOn(50, 5);
      for (const old of [...three.replicas]) {
        const next = await three.served.another();
        known.add(next);
        await waitFor(() => three.balancer.open(portOf(next)) > 0);
        old.process.signal('SIGTERM');
        expect(await old.process.ended).toBe(0);
        three.replicas = [...three.replicas.filter((each) => each !== old), next];
        await goOn(50, 5);
      }
    } finally {
      await stop();
    }
    await load.stop();
    expectNothingLost();
  });
});
