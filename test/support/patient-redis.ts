import { join } from 'node:path';
import { COMMAND_MS } from '../../src/sharing/redis';

const LONG_MS = 240_000;

/**
 * For tests in whose course Redis always answers: from now on this process waits for it as long as a busy machine may need.
 * The program itself waits for moments only. To be called in `beforeAll`: jest undoes it after the file.
 */
export function waitLongForRedis(): void {
  const { setTimeout: start } = globalThis;
  const patient = (work: () => void, ms?: number): NodeJS.Timeout =>
    start(work, ms === COMMAND_MS ? LONG_MS : ms);
  globalThis.setTimeout = Object.assign(patient, start);
}

/** The same for a process of its own, as options of `startServed`. */
export const PATIENT_WITH_REDIS = {
  preload: [join(__dirname, 'preload', 'patient-timer.cjs')],
  env: { TEST_PATIENT_TIMER_MS: `${COMMAND_MS}` },
};
