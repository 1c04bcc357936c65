import type { IncomingHttpHeaders } from 'node:http';

/** Bounds the bytes of all request bodies that a process holds at once. */
export interface BodyBudget {
  /** Reserves a body's bytes until `release` is called; or says whose share is used up. */
  reserve(caller: string, bytes: number): Reservation | 'PROCESS_FULL' | 'CALLER_FULL';
}

/** The bytes of one body. */
export interface Reservation {
  /** Gives the bytes back; a second call does nothing. */
  release(): void;
}

/** What bodies may hold; parsed, they take several times as much. */
const TOTAL_BYTES = 32 << 20;
/** So many bodies of the largest size fit in any case. */
const LEAST_BODIES = 4;

/** Makes the budget of one process. One caller has half of it at most. */
export function createBodyBudget(requestBytes: number): BodyBudget {
  const total = Math.max(TOTAL_BYTES, LEAST_BODIES * requestBytes);
  const callers = new Map<string, number>();
  let held = 0;
  return {
    reserve: (caller, bytes) => {
      const own = callers.get(caller) ?? 0;
      if (own + bytes > total / 2) return 'CALLER_FULL';
      if (held + bytes > total) return 'PROCESS_FULL';
      callers.set(caller, own + bytes);
      held += bytes;
      let isHeld = true;
      return {
        release: () => {
          if (!isHeld) return;
          isHeld = false;
          held -= bytes;
          const left = (callers.get(caller) ?? 0) - bytes;
          if (left > 0) callers.set(caller, left);
          else callers.delete(caller);
        },
      };
    },
  };
}

/** How many bytes a body may come to: its length where that is known, else the most that is read. 0 for no body. */
export function expectedBytes(headers: IncomingHttpHeaders, requestBytes: number): number {
  if (headers['transfer-encoding'] !== undefined) return requestBytes;
  const length = Number(headers['content-length'] ?? 0);
  if (!(length > 0)) return 0;
  // A compressed body grows when it is read; a longer one is refused unread.
  return headers['content-encoding'] === undefined ? Math.min(length, requestBytes) : requestBytes;
}
