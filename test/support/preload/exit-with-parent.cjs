/**
 * Preloaded into the program under test, whose code stays unchanged: the process ends when the test that started it ends,
 * for whatever reason. TEST_CLOCK_AHEAD_MS sets its clock ahead, so that a test need not wait for an attempt to age.
 */
if (process.env.ROLLCALL_WORKER === undefined)
  // A worker ends with its primary: that is behaviour of the program, which tests check.
  process.stdin
    .on('end', () => process.kill(process.pid, 'SIGKILL'))
    .resume()
    .unref();

const ahead = Number(process.env.TEST_CLOCK_AHEAD_MS ?? 0);
const now = Date.now;
if (ahead !== 0) Date.now = () => now() + ahead;
