import type { SourceErrorCode } from '../model';

/** Why a call has no usable answer. ABORTED: the caller left before anything was sent. */
export type Cause = Exclude<FailureCode, 'NOT_SUPPORTED' | 'FORBIDDEN'> | 'ABORTED';

/** Why a vendor that was asked has not answered. */
export type FailureCode = Exclude<SourceErrorCode, 'NOT_REACHED'>;

/** All that can come of one vendor call. Nothing of the vendor's body is in it but what `parse` let through. */
export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly requestId: string | null }
  | ({ readonly kind: 'rejected' } & Rejection)
  | { readonly kind: 'throttled'; readonly until: number; readonly requestId: string | null }
  /** Not a byte of the request has left. */
  | { readonly kind: 'notSent'; readonly cause: Cause; readonly until: number | null }
  /** The vendor may or may not have acted. */
  | { readonly kind: 'unknown'; readonly cause: Cause; readonly requestId: string | null };

/** A refusal that the vendor's contract defines: nothing was done. */
export interface Rejection {
  readonly status: number;
  /** The vendor's own code, bounded and free of text. */
  readonly code: string | null;
  /** The credential itself was refused, so that every further call with it would be too. */
  readonly credential: boolean;
  readonly requestId: string | null;
}

/** A vendor that could not answer a read. Its code is for the caller; it never carries the vendor's words. */
export class VendorFailure extends Error {
  override readonly name = 'VendorFailure';

  constructor(
    readonly code: FailureCode,
    /** When asking again makes sense, where that is known. */
    readonly retryAt: number | null = null,
  ) {
    super(`The vendor could not be read: ${code}.`);
  }
}

/** The operation's vendor calls were used up before this read, so the vendor was not asked. */
export class NotReached extends Error {
  override readonly name = 'NotReached';

  constructor() {
    super('The vendor was not asked: the operation has used up its vendor calls (limits.vendorCalls).');
  }
}

/** What this service itself remembers could not be read: no vendor's failure, and no write may follow. */
export class MemoryFailure extends Error {
  override readonly name = 'MemoryFailure';
}

/** Time was up while no vendor was being waited for. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** What a read may give its caller: the value, or a failure with the code the schema knows. */
export function valueOf<T>(outcome: Outcome<T>): T {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value;
    case 'rejected':
      throw new VendorFailure(
        outcome.credential ? 'AUTH' : outcome.status === 403 ? 'FORBIDDEN' : 'PROTOCOL',
      );
    case 'throttled':
      throw new VendorFailure('THROTTLED', outcome.until);
    case 'notSent':
      throw failure(outcome.cause, outcome.until);
    case 'unknown':
      throw failure(outcome.cause, null);
  }
}

/** Like `valueOf`, and null where the vendor says that there is no such thing. */
export const valueOrNull = <T>(outcome: Outcome<T>): T | null =>
  outcome.kind === 'rejected' && outcome.status === 404 ? null : valueOf(outcome);

/** What a vendor took, made into something else; anything but `ok` stays as it is. */
export const mapOk = <T, U>(outcome: Outcome<T>, map: (value: T) => U): Outcome<U> =>
  outcome.kind === 'ok' ? { ...outcome, value: map(outcome.value) } : outcome;

/** A success in name alone, such as `success: false` with status 200, as the refusal that it is. */
export const refusedUnless = <T>(outcome: Outcome<T>, done: (value: T) => boolean): Outcome<T> =>
  outcome.kind === 'ok' && !done(outcome.value)
    ? { kind: 'rejected', status: 200, code: null, credential: false, requestId: outcome.requestId }
    : outcome;

const failure = (cause: Cause, retryAt: number | null): VendorFailure =>
  new VendorFailure(cause === 'ABORTED' ? 'TIMEOUT' : cause, retryAt);
