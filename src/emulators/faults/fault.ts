/** One change to a real JSON answer. */
export interface BodyChange {
  /** Dotted, `*` for every element; as an array where a key itself holds a dot. */
  readonly path: string | readonly string[];
  readonly change: 'set' | 'remove' | 'null' | 'retype';
  /** For `set`. */
  readonly value?: unknown;
}

/** Everything a vendor's server can do to its caller. */
export type FaultKind =
  /** The real answer, late. Latencies add up, and go with one other fault. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** No answer, ever; the socket stays open. */
  | { readonly kind: 'hang' }
  /** A body left out is the vendor's own for that status; a string goes out as it is, else as JSON. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** RST instead of an answer. */
  | { readonly kind: 'resetBeforeHeaders' }
  /** Closes a kept-alive socket just as its next request arrives; a socket's first request passes. */
  | { readonly kind: 'staleSocket' }
  /** The head of the real answer, then RST. */
  | { readonly kind: 'resetAfterHeaders' }
  /** Half of the real body under the content-length of the whole, then the socket closes. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'malformedJson' }
  /** 200 with no body. */
  | { readonly kind: 'emptyBody' }
  /** 204. */
  | { readonly kind: 'noContent' }
  | { readonly kind: 'jsonNull' }
  | { readonly kind: 'arrayForObject' }
  /** A proxy's page; 200 when no status is given. */
  | { readonly kind: 'html'; readonly status?: number }
  /** The real body under another content type; text/html when none is given. */
  | { readonly kind: 'wrongContentType'; readonly contentType?: string }
  /** The real answer, changed. */
  | { readonly kind: 'patchBody'; readonly changes: readonly BodyChange[] }
  /** The real body, one byte at a time. */
  | { readonly kind: 'drip'; readonly bytesEveryMs: number }
  /** Valid JSON of that many bytes, streamed; with a content-length only when asked. */
  | { readonly kind: 'hugeBody'; readonly bytes: number; readonly declareLength?: boolean }
  /** A small gzip body that unpacks to that many bytes. */
  | { readonly kind: 'gzipBomb'; readonly bytes: number }
  /** 307 when no status is given. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** Executes, then RST. */
  | { readonly kind: 'lostAnswer' }
  /** SoftwareOne: every page is the first one, under the offset that was asked for. */
  | { readonly kind: 'repeatPages' }
  /** SoftwareOne: another total than there is. */
  | { readonly kind: 'lieTotal'; readonly total: number }
  /** The invite states of the real answer, in a word nobody knows. */
  | { readonly kind: 'unknownStatusWord'; readonly word?: string };

/** Where and how often a fault shows. */
export interface FaultScope {
  /** `GET /staff`, `POST *\/resend-invite`: method and end of the path, `*` for anything. All when absent. */
  readonly route?: string;
  /** The key of the account whose requests it hits. All when absent. */
  readonly account?: string;
  /** How many requests it hits; until cleared when absent. */
  readonly times?: number;
  /** Whether the vendor executes the request before the fault shows; each kind has its own default. */
  readonly after?: 'execute' | 'skip';
}

/** A switchable misbehaviour of one vendor. */
export type Fault = FaultScope & FaultKind;
