import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulators } from '../../src/emulators/start';

/** What a vendor's door saw, byte for byte: no URL parser has tidied the path. */
export interface RawRequest {
  readonly vendor: keyof Emulators['vendors'];
  readonly method: string;
  readonly target: string;
  readonly host: string;
}

/** Doors in front of the vendors, each behind a path of its own, that write down what comes and pass it on. */
export interface Recorder {
  readonly emulators: Emulators;
  readonly seen: RawRequest[];
  /** The address that every request must have come to. */
  readonly host: string;
  close(): Promise<void>;
}

/** The path in front of a vendor's own: a request must never leave it. */
export const prefixOf = (vendor: string): string => `/behind/${vendor}`;

/** Puts a recorder between the app and the vendors. */
export async function startRecorder(emulators: Emulators): Promise<Recorder> {
  const seen: RawRequest[] = [];
  const vendors = Object.keys(emulators.vendors) as RawRequest['vendor'][];
  const server = createServer((incoming, answer) => {
    const { url: target = '', method = '', headers } = incoming;
    const vendor = vendors.find((each) => target.startsWith(`${prefixOf(each)}/`));
    if (vendor === undefined) throw new Error(`a request left its path: ${target}`);
    seen.push({ vendor, method, target, host: headers.host ?? '' });
    const { origin } = new URL(emulators.vendors[vendor].baseUrl);
    const path = target.slice(prefixOf(vendor).length);
    const passed = send(origin, { path, method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const moved = vendors.map((vendor) => {
    const { pathname } = new URL(emulators.vendors[vendor].baseUrl);
    const path = pathname === '/' ? '' : pathname;
    return [vendor, { baseUrl: `http://${host}${prefixOf(vendor)}${path}` }];
  });
  return {
    emulators: { ...emulators, vendors: Object.fromEntries(moved) as Emulators['vendors'] },
    seen,
    host,
    close: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
