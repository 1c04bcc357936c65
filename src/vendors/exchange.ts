import type { Dispatcher } from 'undici';
import { gunzip } from 'node:zlib';
import type { AbortSignalLike } from '../abort';
import type { Cause } from './outcome';
import type { StartWindow } from './start-window';

/** One request as it goes out. */
export interface ExchangeRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/** How far one request may go. */
export interface ExchangeLimits {
  /** From now to the last byte of the answer. */
  readonly timeoutMs: number;
  /** The answer's size, decompressed. */
  readonly maxBytes: number;
  /** Ends the exchange early. */
  readonly signal: AbortSignalLike | null;
  /** When this is over, not a byte may begin to leave; null where that does not matter. */
  readonly window: StartWindow | null;
}

/** What came of it. `sent` tells whether a byte of the request may have left. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: Buffer }
  | { readonly kind: 'failure'; readonly sent: boolean; readonly cause: Cause };

/** Response headers by lower-case name. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Sends one request over undici and reads its answer, once: no retry, no redirect. Uses `dispatch` because its
 * handler is the one place that tells the moment before the first byte leaves, which decides between "nothing was
 * sent" and "nobody knows".
 */
export function exchange(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  { timeoutMs, maxBytes, signal, window }: ExchangeLimits,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | null = null;
    let settled = false;
    let status = 0;
    let headers: Headers = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = (result: Exchange): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const fail = (cause: Cause): void => {
      settle({ kind: 'failure', sent: controller !== null, cause });
      controller?.abort(new Error(cause));
    };
    const onAbort = (): void => {
      fail('ABORTED');
    };
    const begun = performance.now();
    // A process that was stopped meanwhile comes here before its timers do.
    const isLate = (): boolean => performance.now() - begun > timeoutMs || (window?.isOver() ?? false);
    const timer = setTimeout(fail, timeoutMs, 'TIMEOUT' satisfies Cause);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) {
      onAbort();
      return;
    }

    dispatcher.dispatch(
      { ...request, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart(started) {
          // The request is about to be handed to the socket: the last moment at which nothing has left.
          if (!settled && isLate()) fail('ABORTED');
          // Given up while it waited for a connection: stop it before its first byte.
          if (settled) started.abort(new Error('given up'));
          else controller = started;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode;
          headers = responseHeaders;
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > maxBytes) fail('TOO_LARGE');
          else chunks.push(chunk);
        },
        onResponseEnd() {
          decode(headers, Buffer.concat(chunks), maxBytes, (cause, body) => {
            settle(
              body === null
                ? { kind: 'failure', sent: true, cause }
                : { kind: 'answer', status, headers, body },
            );
          });
        },
        onResponseError() {
          settle({ kind: 'failure', sent: controller !== null, cause: 'UNAVAILABLE' });
        },
      },
    );
  });
}

function decode(
  headers: Headers,
  body: Buffer,
  maxBytes: number,
  done: (cause: Cause, body: Buffer | null) => void,
): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || body.length === 0) done('PROTOCOL', body);
  else if (encoding !== 'gzip') done('PROTOCOL', null);
  else
    gunzip(body, { maxOutputLength: maxBytes }, (error, plain) => {
      if (error === null) done('PROTOCOL', plain);
      else done('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'TOO_LARGE' : 'PROTOCOL', null);
    });
}
