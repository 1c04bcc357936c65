import { w1 } from './w1.mjs';
import { w2 } from './w2.mjs';
import { w3 } from './w3.mjs';
import { w4 } from './w4.mjs';
import { w5 } from './w5.mjs';

/**
 * An operation that is sent again and again. `operation` makes the one of an index, from the facts of the world; `scale`
 * says in which world of emulated vendors it runs.
 */
export const workloads = [w1, w2, w3, w4, w5];

/** Accounts per vendor, each with 50 staff of whom 10 are pending: `wide` has enough of them to resend each once. */
export const SCALES = {
  even: { accounts: 20, staffPerAccount: 50 },
  wide: { accounts: 500, staffPerAccount: 50 },
};
