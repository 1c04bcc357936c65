import { readFromWorker, readToWorker } from '../../src/workers/messages';
import { createPauses } from '../../src/workers/pauses';
import { createHeld } from '../../src/workers/held';

describe('worker messages', () => {
  it.each([
    null,
    'stop',
    [],
    {},
    { type: 'halt' },
    { type: 'signal', account: 1, signal: { kind: 'written' } },
    { type: 'signal', account: 'contoso', signal: { kind: 'throttled', forMs: null } },
    { type: 'signal', account: 'contoso', signal: { kind: 'refused', refusals: 0, forMs: 1 } },
    { type: 'measured', metrics: [{ name: 'x' }] },
  ])('are ignored when invalid: %j', (message) => {
    expect([readFromWorker(message), readToWorker(message)]).toEqual([null, null]);
  });

  it('round-trip', () => {
    const signal = { type: 'signal', account: 'contoso', signal: { kind: 'throttled', forMs: 5 } };
    expect([readFromWorker(signal), readToWorker(signal)]).toEqual([signal, signal]);
  });

  it('count only numbers', () => {
    const value = (given: number | null) => ({ value: given, labels: {} });
    const metric = { name: 'lag', help: 'Lag.', type: 'gauge', aggregator: 'average' };
    expect(
      readFromWorker({ type: 'measured', metrics: [{ ...metric, values: [value(1), value(null)] }] }),
    ).toEqual({
      type: 'measured',
      metrics: [{ ...metric, values: [value(1)] }],
    });
  });
});

describe('worker messages: pauses', () => {
  it('last for the remaining time', () => {
    let now = 1000;
    const held = createHeld(() => now);
    held.note('a', { kind: 'throttled', forMs: 500 });
    held.note('a', { kind: 'throttled', forMs: 200 });
    held.note('b', { kind: 'refused', refusals: 2, forMs: 300 });
    held.note('c', { kind: 'written' });
    held.note('c', { kind: 'broken' });
    now += 100;
    expect([...held.all()]).toEqual([
      ['a', { kind: 'throttled', forMs: 400 }],
      ['b', { kind: 'refused', refusals: 2, forMs: 200 }],
    ]);
    now += 1000;
    // The pause is over, the credential has not been taken yet.
    expect([...held.all()]).toEqual([['b', { kind: 'refused', refusals: 2, forMs: 0 }]]);
    held.note('b', { kind: 'accepted' });
    expect(held.of('b')).toEqual([]);
  });
});

describe('restart backoff of workers', () => {
  it('grows while the worker exits early, and resets after a quiet minute', () => {
    let now = 0;
    const pause = createPauses(() => now);
    const pauses = Array.from({ length: 8 }, () => {
      now += 20_000;
      return pause();
    });
    expect(pauses).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    now += 61_000;
    expect([pause(), pause()]).toEqual([0, 1000]);
  });
});
