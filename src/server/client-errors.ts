import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SAFE_HEADERS } from './send-error';

/** What Node.js says of bytes that are no request that it takes. */
const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  408: 'The request did not arrive in time.',
  413: 'Request body is too large',
  431: 'The headers of the request are too large.',
};

/** Answers a request that Node.js could not read, in the envelope of GraphQL over HTTP, and closes its connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  // Part of an answer to an earlier request may be on its way: bytes in between would garble it.
  const { _httpMessage: running } = socket as { _httpMessage?: { headersSent?: boolean } | null };
  if (socket.writable && running?.headersSent !== true)
    socket.write(response(STATUS[error.code ?? ''] ?? 400));
  socket.destroy(error);
}

function response(status: number): string {
  const message = MESSAGES[status] ?? '';
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${randomUUID()}`,
    ...Object.entries(SAFE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
