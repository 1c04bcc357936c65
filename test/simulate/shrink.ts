import type { SharedDatabase } from './database';
import { type History, runHistory } from './history';
import type { Plan, RequestPlan } from './plan';

/** How many histories are run at most to make one smaller. */
const MOST_RUNS = 3000;
/** In how many other orders a smaller plan is tried. */
const ORDERS = 40;

/**
 * Makes a failing history smaller: fewer requests, fewer faults and events, true clocks, then fewer and simpler choices. What
 * is left breaks the same property.
 */
export async function shrink(shared: SharedDatabase, failing: History): Promise<History> {
  let best = failing;
  let runs = 0;
  const fails = async (plan: Plan, choices?: readonly number[]): Promise<boolean> => {
    if (runs++ >= MOST_RUNS) return false;
    const history = await runHistory(shared, plan, choices);
    if (history.violation?.property !== failing.violation?.property) return false;
    best = history;
    return true;
  };

  for (let before = -1; before !== sizeOf(best) && runs < MOST_RUNS;) {
    before = sizeOf(best);
    for (let isSmaller = true; isSmaller;) {
      isSmaller = false;
      for (const plan of smallerPlans(best.plan)) {
        isSmaller = await fails(plan, best.choices);
        for (let order = 1; order <= ORDERS && !isSmaller; order++)
          isSmaller = await fails({ ...plan, seed: failing.plan.seed + order * 7919 });
        if (isSmaller) break;
      }
    }
    for (let length = best.choices.length; length >= 1; length >>= 1)
      for (let start = 0; start < best.choices.length; start += length) {
        const { choices, plan } = best;
        const without = [...choices.slice(0, start), ...choices.slice(start + length)];
        const zeros = choices.map((choice, place) => (place >= start && place < start + length ? 0 : choice));
        if (!(await fails(plan, without)) && zeros.some((choice, place) => choice !== choices[place]))
          await fails(plan, zeros);
      }
  }
  return best;
}

/** What a person has to read. */
const sizeOf = ({ plan, trace, choices }: History): number =>
  plan.requests.length * 1000 + trace.length * 10 + choices.filter((choice) => choice !== 0).length;

/** The same plan with one thing less. */
function* smallerPlans(plan: Plan): Iterable<Plan> {
  for (const number of plan.requests.keys())
    yield { ...plan, requests: withoutRequest(plan.requests, number) };
  for (const number of plan.events.keys())
    yield { ...plan, events: plan.events.filter((_event, place) => place !== number) };
  for (const [number, request] of plan.requests.entries())
    for (const simpler of simplerRequests(request))
      yield { ...plan, requests: plan.requests.map((each, place) => (place === number ? simpler : each)) };
  if (plan.skews.some((skew) => skew !== 0)) yield { ...plan, skews: plan.skews.map(() => 0) };
  if (plan.vendorSkew !== 0) yield { ...plan, vendorSkew: 0 };
}

function* simplerRequests(request: RequestPlan): Iterable<RequestPlan> {
  if (request.leaves) yield { ...request, leaves: false };
  if (request.fate !== 'ANSWERED') yield { ...request, fate: 'ANSWERED' };
  if (request.begin !== 'DONE') yield { ...request, begin: 'DONE' };
  if (request.close !== 'DONE') yield { ...request, close: 'DONE' };
  if (request.key !== null) yield { ...request, key: null };
  if (request.account !== 0) yield { ...request, account: 0 };
  if (request.replica !== 0) yield { ...request, replica: 0 };
  if (request.newest) yield { ...request, newest: false };
}

function withoutRequest(requests: readonly RequestPlan[], number: number): RequestPlan[] {
  return requests
    .filter((_request, place) => place !== number)
    .map((request) => {
      if (request.again === null || request.again < number) return request;
      return { ...request, again: request.again === number ? null : request.again - 1 };
    });
}
