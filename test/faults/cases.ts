import type { FaultKind, FaultScope, VendorName } from '../../src/emulators/start';
import type { InviteErrorCode, SourceErrorCode } from '../../src/model';

/** What a fault may need to know of the scene. */
export interface Scene {
  /** Milliseconds by the vendors' clock. */
  readonly now: number;
  /** The address of a host that is no vendor, and must never be asked. */
  readonly elsewhere: string;
}

/** A fault of one account's reads, and what it comes to. */
export interface ReadCase {
  readonly name: string;
  readonly fault: (scene: Scene) => FaultKind & Pick<FaultScope, 'times'>;
  /** The code of the source; null where the read is answered after all. */
  readonly code: SourceErrorCode | null | Readonly<Record<VendorName, SourceErrorCode>>;
  /** How often the vendor hears the question. */
  readonly tries: number;
  /** Whether it is the lack of an answer that fails it. */
  readonly isSlow: boolean;
  /** How far ahead `retryAt` may be, in milliseconds; null without one. */
  readonly retryAfter: readonly [least: number, most: number] | null;
}

/** How long a case waits for its vendor: on a busy machine those who answer need their time, too. */
export const limitsFor = ({ isSlow }: ReadCase) =>
  ({ readTimeout: isSlow ? '1200ms' : '8s', softDeadline: '8s' }) as const;

/** Stands for what a vendor writes into its bodies and no caller may ever see. */
export const CANARY = 'CANARY-81c7';

const CANARY_BODY = { errorMessage: CANARY, message: CANARY, title: CANARY, detail: CANARY };
const jitter = 1.2;
const httpDate = (ms: number): string => new Date(ms).toUTCString();

const answered = (name: string, tries: number, fault: ReturnType<ReadCase['fault']>): ReadCase => ({
  name,
  fault: () => fault,
  code: null,
  tries,
  isSlow: false,
  retryAfter: null,
});

const failed = (
  name: string,
  code: Exclude<ReadCase['code'], null>,
  tries: number,
  fault: ReturnType<ReadCase['fault']> | ReadCase['fault'],
): ReadCase => ({
  name,
  fault: typeof fault === 'function' ? fault : () => fault,
  code,
  tries,
  isSlow: false,
  retryAfter: null,
});

const slow = (name: string, fault: ReturnType<ReadCase['fault']>): ReadCase => ({
  ...failed(name, 'TIMEOUT', 1, fault),
  isSlow: true,
});

const throttled = (
  name: string,
  retryAfter: [number, number],
  value: string | null | ((scene: Scene) => string),
): ReadCase => ({
  name: `a 429 with Retry-After ${name}`,
  fault: (scene) => ({
    kind: 'status',
    status: 429,
    ...(value === null
      ? {}
      : { headers: { 'retry-after': typeof value === 'string' ? value : value(scene) } }),
  }),
  code: 'THROTTLED',
  tries: 1,
  isSlow: false,
  retryAfter,
});

const status = (code: number, body: unknown = CANARY_BODY) =>
  ({ kind: 'status', status: code, body }) as const;
const everywhere = (code: SourceErrorCode) => ({ ecwid: code, softwareone: code, wix: code });

/** Trouble that passes before anybody has to hear of it. */
const PASSING: readonly ReadCase[] = [
  answered('a slow answer', 1, { kind: 'latency', ms: 100 }),
  answered('a 500, once', 2, { ...status(500), times: 1 }),
  answered('a 503, twice', 3, { ...status(503), times: 2 }),
  answered('a reset before the answer, once', 2, { kind: 'resetBeforeHeaders', times: 1 }),
  answered('a reset after the head, once', 2, { kind: 'resetAfterHeaders', times: 1 }),
  answered('a body cut short, once', 2, { kind: 'truncated', times: 1 }),
];

/** No answer, or none that came to its end: timeouts are not repeated, breaks are, twice. */
const BROKEN: readonly ReadCase[] = [
  slow('no answer at all', { kind: 'hang' }),
  slow('an answer that comes too late', { kind: 'latency', ms: 3000 }),
  slow('an answer that drips', { kind: 'drip', bytesEveryMs: 100 }),
  failed('a 408', 'TIMEOUT', 1, status(408)),
  failed('a 500, always', 'UNAVAILABLE', 3, status(500)),
  failed('a 502 with a page of HTML', 'UNAVAILABLE', 3, { kind: 'html', status: 502 }),
  failed('a 503, always', 'UNAVAILABLE', 3, status(503)),
  failed('a 504, always', 'UNAVAILABLE', 3, status(504)),
  failed('a 501', 'UNAVAILABLE', 1, status(501)),
  failed('a reset before the answer', 'UNAVAILABLE', 3, { kind: 'resetBeforeHeaders' }),
  failed('a reset after the head', 'UNAVAILABLE', 3, { kind: 'resetAfterHeaders' }),
  failed('a body cut short', 'UNAVAILABLE', 3, { kind: 'truncated' }),
  failed('a head without end', 'UNAVAILABLE', 3, {
    ...status(200),
    headers: { 'x-long': 'x'.repeat(20_000) },
  }),
];

/** A word of the vendor's that asking again would not change. */
const REFUSED: readonly ReadCase[] = [
  failed('a 400', 'PROTOCOL', 1, status(400)),
  failed('a 401', 'AUTH', 1, { kind: 'status', status: 401 }),
  // Ecwid answers so to a dead token; the other two have not said so of the credential.
  failed('a 403 without a body', { ...everywhere('FORBIDDEN'), ecwid: 'AUTH' }, 1, status(403, '')),
  failed(
    'a 403 that names a permission',
    'FORBIDDEN',
    1,
    status(403, { ...CANARY_BODY, errorCode: 'NO_SCOPE' }),
  ),
  failed('a 404', 'PROTOCOL', 1, status(404)),
  failed('a 409', 'PROTOCOL', 1, status(409)),
  failed('a 422', 'PROTOCOL', 1, status(422)),
  throttled('of 30 seconds', [30_000, 30_000 * jitter], '30'),
  throttled('as a date', [40_000, 41_000 * jitter], ({ now }) => httpDate(now + 41_000)),
  throttled('of no time', [0, 0], '0'),
  throttled('as a date that is over', [0, 0], ({ now }) => httpDate(now - 60_000)),
  throttled('of 30 years', [3_600_000, 3_600_000], '946080000'),
  throttled('as a date in 30 years', [3_600_000, 3_600_000], ({ now }) => httpDate(now + 946_080_000_000)),
  throttled('missing', [10_000, 10_000 * jitter], null),
  throttled('that is a word', [10_000, 10_000 * jitter], 'soon'),
];

/** Answers that are none. */
const UNREADABLE: readonly ReadCase[] = [
  failed('malformed JSON', 'PROTOCOL', 1, { kind: 'malformedJson' }),
  failed('an empty body', 'PROTOCOL', 1, { kind: 'emptyBody' }),
  failed('a 204', 'PROTOCOL', 1, { kind: 'noContent' }),
  failed('null', 'PROTOCOL', 1, { kind: 'jsonNull' }),
  failed('a list in place of an object', 'PROTOCOL', 1, { kind: 'arrayForObject' }),
  failed('an object without its list', 'PROTOCOL', 1, status(200, {})),
  failed('a text in place of an object', 'PROTOCOL', 1, status(200, `"${CANARY}"`)),
  failed(
    'lists within lists without end',
    'PROTOCOL',
    1,
    status(200, '['.repeat(400_000) + ']'.repeat(400_000)),
  ),
  failed('a page of HTML', 'PROTOCOL', 1, { kind: 'html' }),
  failed('another content type', 'PROTOCOL', 1, { kind: 'wrongContentType' }),
  failed('an encoding that was not asked for', 'PROTOCOL', 1, {
    ...status(200),
    headers: { 'content-encoding': 'br' },
  }),
  failed('gzip that is none', 'PROTOCOL', 1, { ...status(200), headers: { 'content-encoding': 'gzip' } }),
  failed('a body of 50 MB', 'TOO_LARGE', 1, { kind: 'hugeBody', bytes: 50 << 20 }),
  failed('a body of 50 MB, as it says', 'TOO_LARGE', 1, {
    kind: 'hugeBody',
    bytes: 50 << 20,
    declareLength: true,
  }),
  failed('a small body that unpacks to 16 MB', 'TOO_LARGE', 1, { kind: 'gzipBomb', bytes: 16 << 20 }),
  failed('a 304', 'PROTOCOL', 1, { kind: 'status', status: 304 }),
  failed('a redirect to the same host', 'PROTOCOL', 1, { kind: 'redirect', location: '/elsewhere' }),
  failed('a redirect to another host', 'PROTOCOL', 1, ({ elsewhere }) => ({
    kind: 'redirect',
    location: elsewhere,
  })),
  failed('a 302 to another host', 'PROTOCOL', 1, ({ elsewhere }) => ({
    kind: 'redirect',
    location: elsewhere,
    status: 302,
  })),
];

/** All of them. */
export const CASES: readonly ReadCase[] = [...PASSING, ...BROKEN, ...REFUSED, ...UNREADABLE];

/** The code of a case at one vendor; null where the read is answered. */
export const codeAt = ({ code }: ReadCase, vendor: VendorName): SourceErrorCode | null =>
  typeof code === 'object' && code !== null ? code[vendor] : code;

/** What a write answers when the state cannot be read. */
export const WRITE_CODES: Record<SourceErrorCode, InviteErrorCode> = {
  TIMEOUT: 'VENDOR_UNAVAILABLE',
  UNAVAILABLE: 'VENDOR_UNAVAILABLE',
  PROTOCOL: 'VENDOR_UNAVAILABLE',
  TOO_LARGE: 'VENDOR_UNAVAILABLE',
  FORBIDDEN: 'VENDOR_UNAVAILABLE',
  THROTTLED: 'VENDOR_THROTTLED',
  AUTH: 'VENDOR_AUTH',
  NOT_SUPPORTED: 'NOT_SUPPORTED',
  NOT_REACHED: 'VENDOR_UNAVAILABLE',
};
