import { Abort } from '../src/abort';

describe('an abort', () => {
  it('tells everybody who listens, once, with its first reason', () => {
    const abort = new Abort();
    const heard: string[] = [];
    abort.signal.addEventListener('abort', () => heard.push('one'), { once: true });
    abort.signal.addEventListener('abort', () => heard.push('two'), { once: true });
    expect([abort.signal.aborted, heard]).toEqual([false, []]);
    abort.abort('first');
    abort.abort('second');
    expect([abort.signal.aborted, abort.signal.reason, heard]).toEqual([true, 'first', ['one', 'two']]);
  });

  it('does not tell who has stopped listening, nor who comes too late', () => {
    const abort = new Abort();
    const heard: string[] = [];
    const listener = (): void => void heard.push('left');
    abort.addEventListener('abort', listener);
    abort.removeEventListener('abort', listener);
    abort.abort();
    abort.addEventListener('abort', () => heard.push('late'));
    expect(heard).toEqual([]);
  });

  it('can be listened to and left while it tells', () => {
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
