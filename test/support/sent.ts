import type { SeenRequest } from '../../src/emulators/start';

/** A request as it was meant: without what every HTTP client adds, and with its JSON read. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const TRANSPORT = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive']);

/** What a vendor saw, ready to be compared whole: a header too many is a difference. */
export const sent = ({ method, path, query, headers, body }: SeenRequest): Sent => ({
  method,
  path,
  query,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !TRANSPORT.has(name))),
  body: body === '' ? null : (JSON.parse(body) as unknown),
});

/** The headers of every call, and of a call with a body. */
export const READ_HEADERS = { accept: 'application/json', 'accept-encoding': 'gzip' } as const;
export const BODY_HEADERS = { ...READ_HEADERS, 'content-type': 'application/json;charset=utf-8' } as const;
