import type { ServerResponse } from 'node:http';
import type { Vendor, Answer } from './vendor';

/** An answer ready for the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** Serialises an answer; only a body gets the vendor's content type. */
export function toWire(vendor: Vendor, answer: Answer): WireAnswer {
  const { status, headers, body } = answer;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    headers: {
      ...vendor.headers(),
      ...(text === '' ? {} : { 'content-type': vendor.contentType }),
      ...lowerCased(headers ?? {}),
    },
    payload: Buffer.from(text),
  };
}

const lowerCased = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Sends it whole. */
export function write(response: ServerResponse, { status, headers, payload }: WireAnswer): void {
  if (response.destroyed) return;
  // A 204 or 304 has no body by protocol, and so no length.
  const length = status === 204 || status === 304 ? {} : { 'content-length': payload.length };
  response.writeHead(status, { ...headers, ...length });
  response.end(payload);
}
