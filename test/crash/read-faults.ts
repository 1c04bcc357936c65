import type { FaultKind } from '../../src/emulators/start';
import type { FaultCase } from './fault-cases';

const EITHER = ['REQUESTED'] as const;

/** How often a read is tried at most. */
const TRIES = 3;

const kinds: readonly (readonly [name: string, fault: FaultKind])[] = [
  ['latency beyond the timeout', { kind: 'latency', ms: 1500 }],
  ['hang', { kind: 'hang' }],
  ['500', { kind: 'status', status: 500 }],
  ['501', { kind: 'status', status: 501 }],
  ['503', { kind: 'status', status: 503 }],
  ['400', { kind: 'status', status: 400 }],
  ['401', { kind: 'status', status: 401 }],
  ['403 without body', { kind: 'status', status: 403, body: '' }],
  ['404', { kind: 'status', status: 404 }],
  ['429', { kind: 'status', status: 429, headers: { 'retry-after': '5' } }],
  ['reset before headers', { kind: 'resetBeforeHeaders' }],
  ['reset after headers', { kind: 'resetAfterHeaders' }],
  ['stale socket', { kind: 'staleSocket' }],
  ['truncated', { kind: 'truncated' }],
  ['malformed JSON', { kind: 'malformedJson' }],
  ['empty 200', { kind: 'emptyBody' }],
  ['204', { kind: 'noContent' }],
  ['null', { kind: 'jsonNull' }],
  ['array for object', { kind: 'arrayForObject' }],
  ['HTML page', { kind: 'html' }],
  ['wrong content type', { kind: 'wrongContentType' }],
  ['huge body', { kind: 'hugeBody', bytes: 262_144 }],
  ['gzip bomb', { kind: 'gzipBomb', bytes: 3_276_800 }],
  ['redirect', { kind: 'redirect', location: '/redirected' }],
  ['unknown status word', { kind: 'unknownStatusWord' }],
];

/** Faults of the read before the write, once and for as long as it is tried: either the write goes well or not at all. */
export const READ_FAULTS: readonly FaultCase[] = kinds.flatMap(([name, fault]) => [
  { name: `read: ${name}`, on: 'read', faults: [{ ...fault, times: 1 }], ends: EITHER },
  { name: `read: ${name}, lasting`, on: 'read', faults: [{ ...fault, times: TRIES * 4 }], ends: EITHER },
]);
