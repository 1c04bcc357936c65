/**
 * Preloaded into the program under test: timers of TEST_PATIENT_TIMER_MS run as good as never. A busy machine may be slower
 * than a wait that the program keeps short on purpose, such as the one for Redis.
 */
const { setTimeout: start } = globalThis;
const short = Number(process.env.TEST_PATIENT_TIMER_MS);
const LONG_MS = 240_000;
globalThis.setTimeout = Object.assign(
  (work, ms, ...args) => start(work, ms === short ? LONG_MS : ms, ...args),
  start,
);
