import { setTimeout as delay } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import type { InviteErrorCode, SendOutcome } from '../../src/model';
import type { PlannedWrite } from '../support/planned-writes';

/** What a client was told of its write. */
export interface WriteAnswer {
  readonly outcome: SendOutcome;
  readonly code: InviteErrorCode | null;
  readonly availableAt: string | null;
  readonly attemptId: string | null;
  readonly invite: { readonly id: string; readonly status: string } | null;
  /** How long the client waited. */
  readonly ms: number;
}

interface Payload {
  readonly outcome: SendOutcome;
  readonly invite: { readonly id: string; readonly status: string } | null;
  readonly attempt: { readonly id: string; readonly outcome: SendOutcome } | null;
  readonly userErrors: readonly { readonly code: InviteErrorCode; readonly availableAt: string | null }[];
}

/** What the two documents ask for. */
interface Data {
  readonly write?: Payload | null;
  readonly invite?: { readonly status: string } | null;
}

/** Asks the subgraph over HTTP. */
export interface Client {
  /** Asks for a write once; rejects if no answer comes, and with `Unanswered` if the answer is none. */
  ask(
    url: string,
    write: Pick<PlannedWrite, 'document' | 'input'>,
    signal?: AbortSignal,
  ): Promise<WriteAnswer>;
  /** The state of an invite as the subgraph now shows it. */
  statusOf(url: string, id: string): Promise<string | null>;
  /** Gives up whatever still runs, and every connection. */
  close(): Promise<void>;
}

/** An answer over HTTP that says nothing of the write: no client can do anything with it. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

const PATIENCE_MS = 20_000;

/** Makes a client with connections of its own; without a token for an app that asks for none. */
export function createClient(token?: string): Client {
  const dispatcher = new Agent();

  async function post(url: string, query: string, variables: object, signal?: AbortSignal) {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
      dispatcher,
    });
    const { data = null, errors } = (await response.json()) as { data?: Data | null; errors?: unknown };
    return { data, problem: JSON.stringify({ status: response.status, errors }) };
  }

  return {
    ask: async (url, { document, input }, signal) => {
      const start = performance.now();
      const { data, problem } = await post(url, document, { input }, signal);
      const write = data?.write;
      if (!write) throw new Unanswered(problem);
      const [error] = write.userErrors;
      return {
        outcome: write.outcome,
        code: error?.code ?? null,
        availableAt: error?.availableAt ?? null,
        attemptId: write.attempt?.id ?? null,
        invite: write.invite,
        ms: performance.now() - start,
      };
    },
    statusOf: async (url, id) => {
      const look = 'query Look($id: ID!) { invite(id: $id) { status } }';
      const { data } = await post(url, look, { id });
      return data?.invite?.status ?? null;
    },
    close: () => dispatcher.destroy(),
  };
}

/** Whether an answer says what became of the write, rather than that another call is still at it. */
export const isDefinite = ({ code }: WriteAnswer): boolean => code !== 'IN_PROGRESS';

/** Does something with each, a few at a time. */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Resolves when it holds, false if it did not in time. */
export async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) return false;
    await delay(1);
  }
  return true;
}
