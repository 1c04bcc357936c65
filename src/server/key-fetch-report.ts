import type { Logger } from '../log';
import type { Metrics } from '../metrics';
import type { OnKeyFetch } from './auth';

/** Counts each fetch of the key set. Logs when it begins to fail, fails for another reason, or succeeds again. */
export function reportKeyFetches(log: Logger, fetches: Metrics['keyFetches']): OnKeyFetch {
  let before = '';
  return (problem) => {
    fetches.inc({ result: problem?.problem ?? 'ok' });
    const now = problem ? `${problem.problem} ${problem.detail ?? ''}` : '';
    if (now === before) return;
    before = now;
    if (problem)
      log.error({ reason: problem.problem, detail: problem.detail }, 'token keys cannot be fetched');
    else log.info('token keys are fetched again');
  };
}
