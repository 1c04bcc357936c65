import { within } from '../sharing/within';

/** What `/readyz` answers. */
export type Readiness =
  | { readonly status: 'ready' }
  /** Queries are served; what cannot be done stands in `reasons`. */
  | { readonly status: 'degraded'; readonly reasons: readonly string[] }
  | { readonly status: 'unavailable'; readonly reasons: readonly string[] };

/** What readiness depends on. */
export interface ReadinessChecks {
  isLeaving(): boolean;
  /** Whether tokens can be verified. */
  canVerify(): boolean;
  /** Rejects while the ledger cannot be written to. */
  canWrite(): Promise<void>;
}

/** A ledger that takes longer cannot be written to in time. Probes wait for 1 s by default, ours for 4 s. */
const LEDGER_MS = 2000;

/** Makes the answer to "can this process serve?". */
export function createReadiness({
  isLeaving,
  canVerify,
  canWrite,
}: ReadinessChecks): () => Promise<Readiness> {
  return async () => {
    if (isLeaving()) return { status: 'unavailable', reasons: ['shutting down'] };
    if (!canVerify())
      return { status: 'unavailable', reasons: ['the keys that tokens are verified with cannot be had'] };
    const isWritable = await within(LEDGER_MS, canWrite()).then(
      () => true,
      () => false,
    );
    if (isLeaving()) return { status: 'unavailable', reasons: ['shutting down'] };
    return isWritable
      ? { status: 'ready' }
      : {
          status: 'degraded',
          reasons: ['the ledger cannot be written to, so nothing can be sent; queries are served'],
        };
  };
}

/** A database outage must not take the reads of every replica out of service: degraded is 200, unless writes are asked for. */
export const readinessStatus = ({ status }: Readiness, mustWrite: boolean): number =>
  status === 'ready' || (status === 'degraded' && !mustWrite) ? 200 : 503;
