/** The part of `AbortSignal` that is used here: an `AbortSignal` is one. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Like `AbortController`, with its signal in it. Node's own is several times as expensive to make, and keeps whatever
 * listens to it until the next full collection: with one for each operation and each vendor call that is most of what the
 * garbage collector would have to do here.
 */
export class Abort implements AbortSignalLike {
  aborted = false;
  reason: unknown = undefined;
  private listeners: Set<() => void> | null = null;

  get signal(): AbortSignalLike {
    return this;
  }

  /** Fires, once. */
  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const heard = this.listeners;
    this.listeners = null;
    for (const listener of heard ?? []) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted) (this.listeners ??= new Set()).add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners?.delete(listener);
  }
}
