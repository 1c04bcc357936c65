import type { InviteVerb, SendOutcome } from '../model';
import type { InputMistake } from './request';
import { type ResendMany, resendMany } from './resend-many';
import type { SendResult } from './result';
import { type Revealed, revealLink } from './reveal';
import { createSend, type Send } from './send';
import type { SendParts } from './send-parts';

/** All that one operation may write. */
export interface Writes {
  readonly send: Send;
  readonly resendMany: (request: ResendMany) => Promise<SendResult[] | InputMistake>;
  readonly revealLink: (inviteId: string) => Promise<Revealed>;
}

/** What writes work with, and who hears of them. */
export interface WriteParts extends SendParts {
  /** Writes that have begun and not ended: a process must not end before them. */
  readonly underWay: Set<Promise<unknown>>;
  /** Hears what became of each. */
  readonly onEnd: (verb: InviteVerb, outcome: SendOutcome) => void;
}

/** Makes the writes of one operation. */
export function createWrites(parts: WriteParts): Writes {
  const { underWay, metrics, onEnd } = parts;
  const carryOut = createSend(parts);
  const send: Send = async (request, states) => {
    const write = carryOut(request, states);
    underWay.add(write);
    const { outcome } = await write.finally(() => underWay.delete(write));
    metrics.writes.inc({ verb: request.verb, outcome });
    onEnd(request.verb, outcome);
    return write;
  };
  return {
    send,
    resendMany: (request) => resendMany(send, (account) => parts.ledger.attempts.look(account), request),
    revealLink: (inviteId) => revealLink(parts, inviteId),
  };
}
