import { Abort } from '../src/abort';

describe('abort signal', () => {
  it('notifies every listener once, with the first reason', () => {
    const abort = new Abort();
    const heard: string[] = [];
    abort.signal.addEventListener('abort', () => heard.push('one'), { once: true });
    abort.signal.addEventListener('abort', () => heard.push('two'), { once: true });
    expect([abort.signal.aborted, heard]).toEqual([false, []]);
    abort.abort('first');
    abort.abort('second');
    expect([abort.signal.aborted, abort.signal.reason, heard]).toEqual([true, 'first', ['one', 'two']]);
  });

  it('notifies neither a removed listener nor one added after the abort', () => {
    const abort = new Abort();
    const heard: string[] = [];
    const listener = (): void => void heard.push('left');
    abort.addEventListener('abort', listener);
    abort.removeEventListener('abort', listener);
    abort.abort();
    abort.addEventListener('abort', () => heard.push('late'));
    expect(heard).toEqual([]);
  });

  it('allows listeners to be added and removed while it notifies them', () => {
    const abort = new Abort();
    const heard: string[] = [];
    const last = (): void => void heard.push('last');
    abort.addEventListener('abort', () => {
      heard.push('first');
      abort.removeEventListener('abort', last);
    });
    abort.addEventListener('abort', last);
    abort.abort();
    expect(heard).toEqual(['first', 'last']);
  });
});
