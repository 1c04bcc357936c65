/**
 * Preloaded into the program under test, which stays as it is: it ends when the test that started it ends, however that
 * may be, and may be given a clock that is ahead, so that nobody waits for an attempt to grow old.
 */
if (process.env.ROLLCALL_WORKER === undefined)
  // A worker ends with its primary, and how is for the program to show.
  process.stdin
    .on('end', () => process.kill(process.pid, 'SIGKILL'))
    .resume()
    .unref();

const ahead = Number(process.env.TEST_CLOCK_AHEAD_MS ?? 0);
const now = Date.now;
if (ahead > 0) Date.now = () => now() + ahead;
