import type { FastifyCorsOptions } from '@fastify/cors';
import { isLoopback } from '../config/values';

/** Which pages may call from a browser. */
export interface CorsPolicy {
  /** Origins by their exact text: scheme, host and port. */
  readonly origins: readonly string[];
  /** Whether every page of this machine may call as well: any port of localhost, 127.0.0.0/8 and [::1]. */
  readonly loopback: boolean;
}

/** What a page of an allowed origin may send and read. No cookies: scripts send the token themselves. */
export const corsOptions = ({ origins, loopback }: CorsPolicy): FastifyCorsOptions => {
  const listed = new Set(origins);
  return {
    origin: (origin, done) => {
      const allowed = origin !== undefined && (listed.has(origin) || (loopback && isLoopbackOrigin(origin)));
      // An empty list allows nothing, and still answers the preflight.
      done(null, allowed || []);
    },
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  };
};

/** Whether an `Origin` header is, to the letter, what a browser sends for a page of this machine. */
export function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return /^https?:$/.test(url.protocol) && url.origin === origin && isLoopback(url.hostname);
}
