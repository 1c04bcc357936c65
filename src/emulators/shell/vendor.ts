import type { IncomingHttpHeaders } from 'node:http';
import type { InviteHook, Mail, VendorName } from '../emulator';

/** What a vendor's handler gets to see of a request. */
export interface VendorRequest {
  readonly method: string;
  /** As sent, still percent-encoded. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a vendor answers; a body left out is a body of zero length. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** One endpoint. Handlers are synchronous: a vendor executes a request whole or not at all. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under the vendor's base path, with `:name` for a path parameter. */
  readonly path: string;
  readonly handle: (request: VendorRequest) => Answer;
}

/** Hands a mail to the outbox. */
export type SendMail = (mail: Omit<Mail, 'at'>) => void;

/** A vendor in one state of the world, free of HTTP machinery: its endpoints, and what the shell must know to serve and fault it. */
export interface Vendor {
  readonly name: VendorName;
  readonly basePath: string;
  readonly contentType: string;
  readonly routes: readonly Route[];
  /** Headers of every answer, faulted ones included. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** The configured account a request is about, for faults of one account. */
  readonly accountOf: (request: Pick<VendorRequest, 'path' | 'headers'>) => string | null;
  readonly unknownRoute: (request: VendorRequest) => Answer;
  /** The vendor's own shape of a failure that has nothing more to say than its status. */
  readonly failure: (status: number) => Answer;
  /** Where the vendor writes the state of an invite, `*` standing for every element. */
  readonly statusPaths: readonly string[];
  readonly changeInvite: InviteHook;
}

/** Leaves a handler with an answer, wherever in it the refusal was found. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly answer: Answer) {
    super(`Refused with ${answer.status}`);
  }
}
