import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Timers } from '../shell/timers';
import type { WireAnswer } from '../shell/write';
import type { Fault } from './fault';
import { paddedJson, paddedLength } from './streams';

/** What a fault below the level of answers works with. */
export interface Wire {
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly timers: Timers;
  /** The answer as it would have been. */
  readonly real: WireAnswer;
}

/** Plays a fault on the socket; returns the status that was sent, null where none was. */
export function playOnSocket(fault: Fault, wire: Wire): number | null {
  const { response, socket, timers, real } = wire;
  switch (fault.kind) {
    case 'resetBeforeHeaders':
    case 'lostAnswer':
      socket.resetAndDestroy();
      return null;
    case 'staleSocket':
      socket.destroy();
      return null;
    case 'resetAfterHeaders':
      startWith(wire, real.payload.length);
      response.flushHeaders();
      // A reset on the heels of the head reads like a plain end: the client is given time to take the head.
      timers.later(20, () => socket.resetAndDestroy());
      return real.status;
    case 'truncated':
      // One byte more than there is, so that even an empty body is cut.
      startWith(wire, real.payload.length + 1);
      response.write(real.payload.subarray(0, Math.max(1, Math.floor(real.payload.length / 2))));
      afterFlush(socket, () => socket.destroy());
      return real.status;
    case 'drip':
      startWith(wire, real.payload.length);
      drip(wire, fault.bytesEveryMs);
      return real.status;
    case 'hugeBody':
      startWith(wire, fault.declareLength === true ? paddedLength(fault.bytes) : null, 200);
      pipeline(paddedJson(fault.bytes), response, ignore);
      return 200;
    case 'gzipBomb':
      response.setHeader('content-encoding', 'gzip');
      startWith(wire, null, 200);
      pipeline(paddedJson(fault.bytes), createGzip({ level: 9 }), response, ignore);
      return 200;
    default:
      // `hang`: nothing, for as long as the socket lives.
      return null;
  }
}

/** Whoever hangs up on a stream has been served. */
const ignore = () => undefined;

function startWith({ response, real }: Wire, length: number | null, status = real.status): void {
  const size = length === null ? {} : { 'content-length': length };
  response.writeHead(status, { ...real.headers, ...size });
}

/** Ends the connection only once what was written has left, or the client would see less than intended. */
function afterFlush(socket: Socket, end: () => void): void {
  socket.write('', () => setImmediate(end));
}

function drip({ response, timers, real }: Wire, everyMs: number): void {
  const step = (at: number): void => {
    if (response.destroyed) return;
    if (at === real.payload.length) {
      response.end();
      return;
    }
    response.write(real.payload.subarray(at, at + 1));
    timers.later(Math.max(1, everyMs), () => {
      step(at + 1);
    });
  };
  response.flushHeaders();
  step(0);
}
