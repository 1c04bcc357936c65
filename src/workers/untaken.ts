import type { ChildProcess } from 'node:child_process';

/** A connection, as it is handed to a worker. */
interface Connection {
  close(): void;
}

/**
 * Closes what a worker was handed and has not taken when it ends. Node.js forgets such a connection, and its caller would
 * wait for ever. Should it hand them out in another way one day, nothing is closed here and the rest stays as it is.
 * @returns Closes them, once the worker has ended.
 */
export function watchUntaken(child: ChildProcess): () => void {
  const untaken = new Map<unknown, Connection>();
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (message: unknown, handle?: unknown, ...rest: unknown[]) => {
    const { act, seq } = message as { act?: unknown; seq?: unknown };
    if (act === 'newconn' && handle) untaken.set(seq, handle as Connection);
    return send(message, handle, ...rest);
  };
  child.on('internalMessage', (message: { ack?: unknown } | null) => untaken.delete(message?.ack));
  return () => {
    for (const connection of untaken.values()) connection.close();
    untaken.clear();
  };
}
