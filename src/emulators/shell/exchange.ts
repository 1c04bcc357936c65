import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { alteredAnswer } from '../faults/altered-answer';
import { replaceAt } from '../faults/change-body';
import type { Fault } from '../faults/fault';
import { rulesOf } from '../faults/kinds';
import type { FaultList } from '../faults/list';
import { playOnSocket } from '../faults/socket-faults';
import type { SeenRequest } from '../emulator';
import type { Timers } from './timers';
import { Refused, type Answer, type Route, type Vendor, type VendorRequest } from './vendor';
import { toWire, write } from './write';

/** One request on its way through the emulator. */
export interface Call {
  readonly seen: SeenRequest;
  readonly request: VendorRequest;
  readonly account: string | null;
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly reusedSocket: boolean;
}

/** What every exchange of one emulator shares. */
export interface ExchangeParts {
  readonly vendor: Vendor;
  readonly faults: FaultList;
  /** Of what happens on a socket. */
  readonly timers: Timers;
  /** Of the answers that latency holds back. */
  readonly delays: Timers;
  readonly latencyMs: number;
}

/**
 * Executes a request and answers it, or does what the faults say instead. The vendor executes at arrival and
 * the answer shows that moment, however late it goes out.
 */
export function exchange(parts: ExchangeParts, call: Call, handle: Route['handle']): void {
  const { latencyMs, fault } = parts.faults.take({ ...call.seen, ...call });
  const real = executes(fault)
    ? execute(parts.vendor, call.request, handle, fault)
    : { status: 200, body: {} };
  const send = prepare(parts, call, fault, real);
  parts.delays.later(parts.latencyMs + latencyMs, () => {
    call.seen.status = send();
  });
}

const executes = (fault: Fault | null) =>
  fault === null || (fault.after ?? rulesOf(fault.kind)?.after) === 'execute';

/** Makes ready what goes on the wire; sending it returns the status that was sent, if any. */
function prepare(parts: ExchangeParts, call: Call, fault: Fault | null, real: Answer): () => number | null {
  const { vendor, timers } = parts;
  const { response, socket } = call;
  const shown = fault === null ? real : alteredAnswer(fault, vendor, real);
  const wire = toWire(vendor, shown ?? real);
  if (fault !== null && shown === null) {
    return () => playOnSocket(fault, { response, socket, timers, real: wire });
  }
  return () => {
    write(response, wire);
    return wire.status;
  };
}

function execute(
  vendor: Vendor,
  request: VendorRequest,
  handle: Route['handle'],
  fault: Fault | null,
): Answer {
  if (fault?.kind !== 'repeatPages') return guarded(vendor, request, handle);
  const asked = /(?:^|&)offset=(\d+)/.exec(request.query)?.[1];
  const query = request.query.replace(/(^|&)offset=\d+/, '$1offset=0');
  const first = guarded(vendor, { ...request, query }, handle);
  return { ...first, body: replaceAt(first.body, '$meta.pagination.offset', Number(asked ?? 0)) };
}

function guarded(vendor: Vendor, request: VendorRequest, handle: Route['handle']): Answer {
  try {
    return handle(request);
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    // A fault of the emulator itself must not pass for one of the vendor's.
    process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    return { ...vendor.failure(500), headers: { 'x-emulator-defect': 'true' } };
  }
}
