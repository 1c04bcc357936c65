/** Too late. */
export class Late extends Error {
  override readonly name = 'Late';
  readonly code = 'TIMEOUT';
}

/** What comes of it, or `Late` where nothing has after so many milliseconds. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // A busy process comes to its timers before it reads what has long arrived.
      setImmediate(() => {
        reject(new Late());
      });
    }, ms).unref();
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
