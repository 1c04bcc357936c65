import type { Answer, Vendor } from '../shell/vendor';
import { changeBody, replaceAt } from './change-body';
import type { Fault } from './fault';

const page =
  '<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>';

/** The answer a fault shows in place of the real one; null for faults that are played on the socket. */
export function alteredAnswer(fault: Fault, vendor: Vendor, real: Answer): Answer | null {
  switch (fault.kind) {
    case 'latency':
      return real;
    case 'status':
      return statusAnswer(fault, vendor);
    case 'malformedJson':
      return { status: 200, body: '{"broken": [1, 2' };
    case 'emptyBody':
      return { status: 200, headers: { 'content-type': vendor.contentType } };
    case 'noContent':
      return { status: 204 };
    case 'jsonNull':
      return { status: 200, body: null };
    case 'arrayForObject':
      return { status: 200, body: [] };
    case 'html':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: page,
      };
    case 'wrongContentType':
      return { ...real, headers: { ...real.headers, 'content-type': fault.contentType ?? 'text/html' } };
    case 'patchBody':
      return { ...real, body: changeBody(real.body, fault.changes) };
    case 'redirect':
      return { status: fault.status ?? 307, headers: { location: fault.location } };
    case 'repeatPages':
      return real;
    case 'lieTotal':
      return { ...real, body: replaceAt(real.body, '$meta.pagination.total', fault.total) };
    case 'unknownStatusWord': {
      const word = fault.word ?? 'Quarantined';
      const body = vendor.statusPaths.reduce((changed, path) => replaceAt(changed, path, word), real.body);
      return { ...real, body };
    }
    default:
      return null;
  }
}

function statusAnswer(fault: Extract<Fault, { kind: 'status' }>, vendor: Vendor): Answer {
  const { status, headers, body } = fault;
  const own = status < 400 ? { status } : vendor.failure(status);
  const answer = body === undefined ? own : { status, body };
  return headers ? { ...answer, headers: { ...answer.headers, ...headers } } : answer;
}
