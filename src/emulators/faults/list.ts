import type { VendorName } from '../emulator';
import type { Fault } from './fault';
import { faultMistake } from './parse';

/** The request a fault is matched against. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly account: string | null;
  /** False for the first request on its socket. */
  readonly reusedSocket: boolean;
}

/** The faults of one vendor that are switched on. */
export interface FaultList {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  readonly list: () => readonly Fault[];
  /** Counts down and returns what hits this request: any number of latencies and at most one other. */
  readonly take: (target: FaultTarget) => { readonly latencyMs: number; readonly fault: Fault | null };
  /** The same for `staleSocket`, which strikes before a request is read. */
  readonly takeStale: (target: FaultTarget) => Fault | null;
}

interface Entry {
  readonly fault: Fault;
  readonly hits: (target: FaultTarget) => boolean;
  left: number;
}

/** Faults are tried in the order they were added. */
export function createFaultList(vendor: VendorName): FaultList {
  let entries: Entry[] = [];

  function spend(entry: Entry): Fault {
    entry.left -= 1;
    if (entry.left === 0) entries = entries.filter((other) => other !== entry);
    return entry.fault;
  }

  return {
    add: (fault) => {
      const mistake = faultMistake(fault, vendor);
      if (mistake) throw new TypeError(`fault.${mistake.field}: ${mistake.message}`);
      entries.push({ fault, hits: matcher(fault), left: fault.times ?? Infinity });
    },
    clear: () => {
      entries = [];
    },
    list: () => entries.map(({ fault, left }) => (left === Infinity ? fault : { ...fault, times: left })),
    take: (target) => {
      let latencyMs = 0;
      let fault: Fault | null = null;
      for (const entry of [...entries]) {
        if (entry.fault.kind === 'staleSocket' || !entry.hits(target)) continue;
        if (entry.fault.kind === 'latency') {
          spend(entry);
          latencyMs += entry.fault.ms;
        } else {
          fault ??= spend(entry);
        }
      }
      return { latencyMs, fault };
    },
    takeStale: (target) => {
      const entry = entries.find(({ fault, hits }) => fault.kind === 'staleSocket' && hits(target));
      return entry ? spend(entry) : null;
    },
  };
}

function matcher({ route, account, kind }: Fault): Entry['hits'] {
  const matchesRoute = route === undefined ? () => true : routeMatcher(route);
  return (target) =>
    (account === undefined || account === target.account) &&
    (kind !== 'staleSocket' || target.reusedSocket) &&
    matchesRoute(target);
}

function routeMatcher(route: string): (target: FaultTarget) => boolean {
  const [first = '', second] = route.trim().split(/\s+/, 2);
  const method = second === undefined ? '*' : first.toUpperCase();
  const tail = new RegExp(`${glob(second ?? first)}$`);
  return (target) => (method === '*' || method === target.method) && tail.test(target.path);
}

const glob = (pattern: string) =>
  pattern
    .split('*')
    .map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
