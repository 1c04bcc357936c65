import type { Fault } from './faults/fault';

/** The vendors that are emulated. */
export type VendorName = 'ecwid' | 'softwareone' | 'wix';

/** One request as it reached a vendor, faulted ones included; `status` stays null where no status line was sent. */
export interface SeenRequest {
  at: string;
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  /** The first 16 kB. */
  body: string;
  status: number | null;
}

/** One email a vendor sent, recorded when the vendor executes, also when the answer is then lost. */
export interface Mail {
  at: string;
  account: string;
  to: string;
  kind: 'invite' | 'resend';
  language: string | null;
  link: string;
}

/** The one clock the three vendors share; expiry follows it. */
export interface EmulatorClock {
  now(): number;
  advance(ms: number): void;
  set(iso: string): void;
}

/** What happens to an invite behind the API's back. */
export type InviteDeed = 'accept' | 'decline' | 'expire' | 'remove';

/**
 * Changes one invite as the invitee, the passing of time or a colleague would, without a vendor request.
 * `invite` is the email at Ecwid, the AUSR id at SoftwareOne and the invite id at Wix. Throws on an unknown
 * invite, and on a deed that the vendor cannot show.
 */
export type InviteHook = (account: string, invite: string, deed: InviteDeed) => void;

/** One vendor, served over HTTP on loopback. */
export interface Emulator {
  readonly baseUrl: string;
  /** Every vendor request in order of arrival, the latest 10,000. */
  readonly requests: readonly SeenRequest[];
  /** How many requests there were since the last reset, forgotten ones included. */
  readonly requestsTotal: number;
  /** Every mail, the latest 10,000. */
  readonly mails: readonly Mail[];
  /** How many mails there were since the last reset, forgotten ones included. */
  readonly mailsTotal: number;
  readonly faults: {
    add(fault: Fault): void;
    /** Switches all faults off, and sends the answers that latency holds back. */
    clear(): void;
    list(): readonly Fault[];
  };
  readonly changeInvite: InviteHook;
  /** Forgets the requests seen so far, and nothing else. */
  forgetRequests(): void;
}
