import type { AddressInfo } from 'node:net';
import { toIso } from '../clock';
import type { Emulator, EmulatorClock, Mail, SeenRequest } from '../emulator';
import { createFaultList, type FaultList } from '../faults/list';
import { createLog } from './log';
import { createServer } from './server';
import { createTimers } from './timers';
import type { SendMail, Vendor } from './vendor';

/** An emulator with the means to stop it and to put it back to its seed. */
export interface RunningEmulator extends Emulator {
  reset(): void;
  close(): Promise<void>;
}

/** What an emulator is started with. */
export interface EmulatorParts {
  /** Makes the vendor as its seed describes it. */
  readonly make: (sendMail: SendMail) => Vendor;
  readonly clock: EmulatorClock;
  readonly host: string;
  readonly port: number;
  readonly latencyMs: number;
  /** Puts back every emulator that shares the clock. */
  readonly resetAll: () => void;
}

/** Starts one vendor; its address is known once the promise is kept. */
export async function createEmulator(parts: EmulatorParts): Promise<RunningEmulator> {
  const { make, clock, host, port, latencyMs, resetAll } = parts;
  const requests = createLog<SeenRequest>();
  const mails = createLog<Mail>();
  const timers = createTimers();
  const delays = createTimers();
  const sendMail: SendMail = (mail) => {
    mails.add({ at: toIso(clock.now()), ...mail });
  };
  let vendor = make(sendMail);
  const list = createFaultList(vendor.name);
  const faults: FaultList = {
    ...list,
    clear: () => {
      list.clear();
      delays.runAll();
    },
  };
  const changeInvite: Emulator['changeInvite'] = (account, invite, deed) => {
    vendor.changeInvite(account, invite, deed);
  };

  const app = createServer({
    get vendor() {
      return vendor;
    },
    faults,
    timers,
    delays,
    latencyMs,
    clock,
    requests,
    sideDoor: { vendor: vendor.name, requests, mails, faults, clock, changeInvite, reset: resetAll },
  });
  await app.listen({ host, port });

  return {
    baseUrl: `http://${authority(app.server.address(), host)}${vendor.basePath}`,
    requests: requests.entries,
    get requestsTotal() {
      return requests.total;
    },
    mails: mails.entries,
    get mailsTotal() {
      return mails.total;
    },
    faults: { add: faults.add, clear: faults.clear, list: faults.list },
    changeInvite,
    forgetRequests: requests.clear,
    reset: () => {
      vendor = make(sendMail);
      requests.clear();
      mails.clear();
      faults.clear();
    },
    close: async () => {
      timers.clear();
      delays.clear();
      await app.close();
    },
  };
}

function authority(address: AddressInfo | string | null, host: string): string {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return `${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
