import type { Fault, FaultKind, InviteDeed } from '../../src/emulators/start';
import type { InviteErrorCode, SendOutcome } from '../../src/model';
import type { Random } from '../support/random';
import { READ_FAULTS } from './read-faults';
import type { PlannedWrite } from '../support/planned-writes';

/** One thing that goes wrong on the way of a write, and how the write may then end. */
export interface FaultCase {
  readonly name: string;
  readonly on: 'write' | 'read';
  /** What the vendor does instead of answering well. */
  readonly faults: readonly (FaultKind & Pick<Fault, 'after' | 'times'>)[];
  /** The only outcomes that are right once the vendor has seen the write. */
  readonly ends: readonly SendOutcome[];
  /** The code that goes with it, where there is but one. */
  readonly code?: InviteErrorCode;
  /** What happens to the invite behind the API's back, after its state was read. */
  readonly meanwhile?: InviteDeed;
}

/** Where the redirects of faults lead: nobody may follow them. */
export interface Traps {
  /** On the vendor itself. */
  readonly near: string;
  /** On another host. */
  readonly far: string;
}

/** How long a write may take; faults that last are made to last longer. */
export const WRITE_TIMEOUT_MS = 1200;

/** How many bytes an answer may have. */
export const RESPONSE_BYTES = 65_536;

/** How often it is the read that fails, where there is one: most writes shall reach their vendor. */
const READ_SHARE = 0.12;

/** Something that goes wrong with this write, or, now and then, nothing. */
export function pickCase(write: PlannedWrite, traps: Traps, random: Random): FaultCase {
  // Wix is asked for nothing before it is written to.
  return write.vendor !== 'wix' && random.chance(READ_SHARE)
    ? random.pick(READ_FAULTS)
    : random.pick([
        ...brokenAnswers(write),
        ...statuses(write),
        ...redirects(traps),
        ...strangeAnswers(write),
      ]);
}

const UNKNOWN = ['UNKNOWN'] as const;
const REJECTED = ['REJECTED'] as const;
const REQUESTED = ['REQUESTED'] as const;
const DONE = ['REQUESTED', 'UNKNOWN'] as const;

const onWrite = (
  name: string,
  fault: FaultCase['faults'][number] | null,
  ends: FaultCase['ends'],
  more: Partial<FaultCase> = {},
): FaultCase => ({ name, on: 'write', faults: fault ? [fault] : [], ends, ...more });

/** Answers that come late, cut or not at all. */
function brokenAnswers({ vendor, verb }: PlannedWrite): FaultCase[] {
  // A 204 is whole with its head.
  const cut = vendor === 'softwareone' && verb === 'REVOKE' ? DONE : UNKNOWN;
  const state =
    verb === 'RESEND' ? [onWrite('accepted meanwhile', null, REJECTED, { meanwhile: 'accept' })] : [];
  return [
    onWrite('none', null, REQUESTED),
    onWrite('none', null, REQUESTED),
    onWrite('latency', { kind: 'latency', ms: 60 }, REQUESTED),
    onWrite('latency beyond the timeout', { kind: 'latency', ms: WRITE_TIMEOUT_MS + 300 }, UNKNOWN),
    onWrite('hang', { kind: 'hang' }, UNKNOWN),
    onWrite('hang after executing', { kind: 'hang', after: 'execute' }, UNKNOWN),
    onWrite('reset before headers', { kind: 'resetBeforeHeaders' }, UNKNOWN),
    onWrite('reset before headers, executed', { kind: 'resetBeforeHeaders', after: 'execute' }, UNKNOWN),
    onWrite('reset after headers', { kind: 'resetAfterHeaders' }, cut),
    onWrite('truncated', { kind: 'truncated' }, cut),
    onWrite('answer lost', { kind: 'lostAnswer' }, UNKNOWN),
    // A write has a connection of its own, which is never stale.
    onWrite('stale socket', { kind: 'staleSocket' }, REQUESTED),
    onWrite('drip', { kind: 'drip', bytesEveryMs: 2 }, DONE),
    onWrite('slow drip', { kind: 'drip', bytesEveryMs: 120 }, DONE),
    ...state,
  ];
}

/** Every status that says no, and those that say nothing. */
function statuses({ vendor }: PlannedWrite): FaultCase[] {
  const status = (status: number, more: object = {}) => ({ kind: 'status', status, ...more }) as const;
  const pause = (value: string) => status(429, { headers: { 'retry-after': value } });
  const throttled = { code: 'VENDOR_THROTTLED' } as const;
  return [
    ...[500, 501, 502, 503, 504, 520, 599].map((code) => onWrite(String(code), status(code), UNKNOWN)),
    onWrite('500, executed', status(500, { after: 'execute' }), UNKNOWN),
    onWrite('503 with a pause', status(503, { headers: { 'retry-after': '5' } }), UNKNOWN),
    onWrite('408', status(408), UNKNOWN),
    ...[400, 402, 404, 405, 409, 410, 413, 415, 422, 423, 451].map((code) =>
      onWrite(String(code), status(code), REJECTED),
    ),
    onWrite('401', status(401), REJECTED, { code: 'VENDOR_AUTH' }),
    onWrite('403 without body', status(403, { body: '' }), REJECTED, {
      code: vendor === 'ecwid' ? 'VENDOR_AUTH' : 'VENDOR_REJECTED',
    }),
    onWrite('403 for one resource', status(403, { body: { message: 'no' } }), REJECTED, {
      code: 'VENDOR_REJECTED',
    }),
    onWrite('429 in seconds', pause('7'), REJECTED, throttled),
    onWrite('429 by date', pause('Wed, 21 Oct 2099 07:28:00 GMT'), REJECTED, throttled),
    onWrite('429 without a time', status(429), REJECTED, throttled),
    onWrite('429 absurd', pause('99999999999'), REJECTED, throttled),
    onWrite('429 unreadable', pause('soon'), REJECTED, throttled),
  ];
}

/** To the vendor itself and to another host, by every status. */
const redirects = ({ near, far }: Traps): FaultCase[] =>
  [301, 302, 303, 307, 308].flatMap((status) => [
    onWrite(`${status} to the vendor`, { kind: 'redirect', status, location: near }, UNKNOWN),
    onWrite(`${status} elsewhere`, { kind: 'redirect', status, location: far }, UNKNOWN),
  ]);

/** Answers with a good status that are not what the contract says. */
function strangeAnswers(write: PlannedWrite): FaultCase[] {
  const { vendor, verb, email } = write;
  // Where an answer has nothing to say, any that is good says it: then the vendor must have acted.
  const bare = verb === 'REVOKE' && vendor !== 'ecwid';
  const after = bare ? 'execute' : 'skip';
  const ends = bare ? DONE : UNKNOWN;
  const inName = {
    ecwid: { success: false, deleteCount: 0 },
    wix: { invites: [], failedEmails: [email] },
    softwareone: null,
  }[vendor];
  const isBulk = vendor === 'wix' && (verb === 'INVITE' || verb === 'SEND_NEW');
  const refusal =
    vendor === 'ecwid' || isBulk
      ? [onWrite('refused with 200', { kind: 'status', status: 200, body: inName }, REJECTED)]
      : [];
  const patches = {
    ecwid: ['success', 'deleteCount'],
    softwareone: ['id', 'invitation', 'user', 'audit'],
    wix: ['invite', 'invites', 'failedEmails', 'invites.0.id', 'invite.status'],
  }[vendor];
  return [
    onWrite('malformed JSON', { kind: 'malformedJson' }, UNKNOWN),
    onWrite('empty 200', { kind: 'emptyBody', after }, ends),
    onWrite('204', { kind: 'noContent', after }, ends),
    onWrite('202 without body', { kind: 'status', status: 202, after }, ends),
    onWrite('null', { kind: 'jsonNull', after }, ends),
    onWrite('array for object', { kind: 'arrayForObject', after }, ends),
    onWrite('empty object', { kind: 'status', status: 200, body: {}, after }, ends),
    onWrite('error in a 200', { kind: 'status', status: 200, body: { error: 'try later' }, after }, ends),
    onWrite('HTML page', { kind: 'html' }, UNKNOWN),
    onWrite('HTML page with 502', { kind: 'html', status: 502 }, UNKNOWN),
    onWrite('wrong content type', { kind: 'wrongContentType' }, bare ? DONE : UNKNOWN),
    onWrite('huge body', { kind: 'hugeBody', bytes: 4 * RESPONSE_BYTES }, UNKNOWN),
    onWrite(
      'huge body, announced',
      { kind: 'hugeBody', bytes: 4 * RESPONSE_BYTES, declareLength: true },
      UNKNOWN,
    ),
    onWrite('gzip bomb', { kind: 'gzipBomb', bytes: 50 * RESPONSE_BYTES }, UNKNOWN),
    onWrite('unknown status word', { kind: 'unknownStatusWord' }, DONE),
    ...patches.flatMap((path) =>
      (['remove', 'null', 'retype'] as const).map((change) =>
        onWrite(`field: ${change}`, { kind: 'patchBody', changes: [{ path, change }] }, DONE),
      ),
    ),
    ...refusal,
  ];
}

/** A fault in its place: on the requests of one account alone. */
export function toFault(
  fault: FaultCase['faults'][number],
  on: FaultCase['on'],
  { account, vendor, verb }: PlannedWrite,
): Fault {
  const method = on === 'read' ? 'GET' : verb === 'REVOKE' && vendor !== 'wix' ? 'DELETE' : 'POST';
  return { ...fault, route: `${method} *`, account: account.key };
}
