import type { FaultKind, VendorName } from '../../src/emulators/start';
import type { WriteName } from '../support/invite-mutations';

/** A fault of a vendor's answer to a write, what the write has to end as, and whether the vendor had carried it out. */
export interface End {
  readonly name: string;
  readonly fault: FaultKind;
  /** Outcome and code. */
  readonly ends: string;
  /** Where it ends otherwise: for a vendor, or one verb of a vendor. */
  readonly but?: Readonly<Partial<Record<VendorName | `${VendorName} ${WriteName}`, string>>>;
  readonly executed?: true;
  readonly limits?: Readonly<Record<string, string | number>>;
}

const UNKNOWN = 'UNKNOWN OUTCOME_UNKNOWN';
const REFUSED = 'REJECTED VENDOR_REJECTED';
const IMPATIENT = { writeTimeout: '300ms' };

/** Withdrawals whose answer has nothing to say: any readable success will do. */
const WITHDRAWN = { 'wix revokeInvite': 'REQUESTED', 'softwareone revokeInvite': 'REQUESTED' } as const;
/** SoftwareOne answers a withdrawal with 204: there is no body to spoil. */
const BODYLESS = { 'softwareone revokeInvite': 'REQUESTED' } as const;

const status = (code: number, ends: string, but?: End['but']): End => ({
  name: `a ${code}`,
  fault: { kind: 'status', status: code },
  ends,
  ...(but ? { but } : {}),
});

const redirect = (code: number, location: string): End => ({
  name: `a ${code} to ${location}`,
  fault: { kind: 'redirect', status: code, location },
  ends: UNKNOWN,
});

/** Everything that a vendor's answer to a write may be. */
export const ENDS: readonly End[] = [
  status(400, REFUSED),
  status(401, 'REJECTED VENDOR_AUTH'),
  // Without a body, which at Ecwid is how a dead token is told.
  status(403, REFUSED, { ecwid: 'REJECTED VENDOR_AUTH' }),
  {
    name: 'a 403 for this one resource',
    fault: { kind: 'status', status: 403, body: { errorCode: 'NO_ACCESS' } },
    ends: REFUSED,
  },
  status(404, REFUSED),
  status(409, REFUSED),
  status(422, REFUSED),
  status(429, 'REJECTED VENDOR_THROTTLED'),
  status(408, UNKNOWN),
  status(500, UNKNOWN),
  status(501, UNKNOWN),
  status(503, UNKNOWN),
  status(304, UNKNOWN),
  redirect(301, '/elsewhere'),
  redirect(302, 'http://127.0.0.1:1/'),
  redirect(307, '/elsewhere'),
  redirect(308, 'https://vendor.invalid/'),
  { name: 'no answer', fault: { kind: 'hang' }, ends: UNKNOWN, limits: IMPATIENT },
  {
    name: 'an answer that comes too late',
    fault: { kind: 'latency', ms: 1000 },
    ends: UNKNOWN,
    executed: true,
    limits: IMPATIENT,
  },
  {
    name: 'an answer that comes byte by byte',
    fault: { kind: 'drip', bytesEveryMs: 500 },
    ends: UNKNOWN,
    but: BODYLESS,
    executed: true,
    limits: IMPATIENT,
  },
  { name: 'a reset before the answer', fault: { kind: 'resetBeforeHeaders' }, ends: UNKNOWN },
  {
    name: 'a reset within the answer',
    fault: { kind: 'resetAfterHeaders' },
    ends: UNKNOWN,
    but: BODYLESS,
    executed: true,
  },
  { name: 'a lost answer', fault: { kind: 'lostAnswer' }, ends: UNKNOWN, executed: true },
  { name: 'a cut body', fault: { kind: 'truncated' }, ends: UNKNOWN, executed: true },
  { name: 'malformed JSON', fault: { kind: 'malformedJson' }, ends: UNKNOWN },
  { name: 'an empty 200', fault: { kind: 'emptyBody' }, ends: UNKNOWN, but: WITHDRAWN },
  { name: 'a 204', fault: { kind: 'noContent' }, ends: UNKNOWN, but: WITHDRAWN },
  { name: 'null', fault: { kind: 'jsonNull' }, ends: UNKNOWN, but: WITHDRAWN },
  {
    name: 'a list in place of an object',
    fault: { kind: 'arrayForObject' },
    ends: UNKNOWN,
    but: WITHDRAWN,
  },
  { name: 'a page of HTML', fault: { kind: 'html' }, ends: UNKNOWN },
  { name: 'a page of HTML with 502', fault: { kind: 'html', status: 502 }, ends: UNKNOWN },
  {
    name: 'another content type',
    fault: { kind: 'wrongContentType' },
    ends: UNKNOWN,
    but: BODYLESS,
    executed: true,
  },
  {
    name: 'a body beyond the cap',
    fault: { kind: 'hugeBody', bytes: 3 << 20 },
    ends: UNKNOWN,
  },
  {
    name: 'a body that says it is beyond the cap',
    fault: { kind: 'hugeBody', bytes: 50 << 20, declareLength: true },
    ends: UNKNOWN,
  },
  { name: 'a gzip bomb', fault: { kind: 'gzipBomb', bytes: 4 << 20 }, ends: UNKNOWN },
];
