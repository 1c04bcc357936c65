/** Vendors that break 5 % of their answers, in every way that a read or write can meet. */
const SHARE = 0.05;
const KINDS = [
  { kind: 'status', status: 503 },
  { kind: 'status', status: 500 },
  { kind: 'resetBeforeHeaders' },
  { kind: 'resetAfterHeaders' },
  { kind: 'truncated' },
  { kind: 'malformedJson' },
  { kind: 'emptyBody' },
  { kind: 'html', status: 502 },
  { kind: 'lostAnswer' },
  { kind: 'staleSocket' },
  { kind: 'latency', ms: 1500 },
  { kind: 'hang' },
];

/** Looks every second at how much was asked of a vendor, and breaks a share of that in the next one, each once. */
export function startFaults(sideDoors) {
  let added = 0;
  let calls = 0;
  const owed = new Map(sideDoors.map((door) => [door, 0]));
  const round = async (door) => {
    const { total } = await (await fetch(`${door}/requests`)).json();
    await fetch(`${door}/requests`, { method: 'DELETE' });
    calls += total;
    owed.set(door, owed.get(door) + total * SHARE);
    for (; owed.get(door) >= 1; owed.set(door, owed.get(door) - 1)) {
      const fault = { ...KINDS[Math.floor(Math.random() * KINDS.length)], times: 1 };
      await fetch(`${door}/faults`, { method: 'POST', body: JSON.stringify(fault) });
      added++;
    }
  };
  let turn = Promise.resolve();
  const timer = setInterval(() => {
    turn = turn.then(() => Promise.all(sideDoors.map(round)));
  }, 1000);
  return {
    counts: () => ({ calls, faults: added }),
    stop: async () => {
      clearInterval(timer);
      await turn;
    },
  };
}
