import { formatId, localIdOf } from '../ids';
import type { Invite } from '../model';
import type { Outcome } from '../vendors/outcome';
import type { Provider, Reading } from '../vendors/provider';
import { type InviteWrite, targetField } from './request';
import type { Refusal } from './result';
import { judge, type RuledVerb } from './rules';

/** A write that the rules let through. */
export interface Plan {
  /** The local id under which attempts are counted. */
  readonly local: string;
  /** The invite as it is before the write; null where there is none yet. */
  readonly before: Invite | null;
  /** The one vendor call. */
  write(): Promise<Outcome<Invite>>;
}

/** Why there is no plan, and the invite that it is about, if any. */
export interface NoPlan {
  readonly refusal: Refusal;
  readonly before: Invite | null;
}

/** Reads the state of an invite and judges the verb by it. */
export async function planWrite(
  request: InviteWrite,
  provider: Provider,
  reading: Reading,
): Promise<Plan | NoPlan> {
  const asked = stateReading(reading, request.verb);
  const before = await newest(request.inviteId, provider, asked);
  if (before === null) return { refusal: { code: 'NOT_FOUND', field: targetField(request.verb) }, before };
  const code = judge(request.verb, before, request.consent);
  if (code !== null) return { refusal: { code, field: CONSENT_FIELDS[code] ?? null }, before };
  return {
    local: localIdOf(before.id),
    before,
    write: () =>
      request.verb === 'RESEND' ? provider.resend(before, request) : provider.sendNew(before, request),
  };
}

/** An invite that was replaced stands for the newest one to its address. */
async function newest(inviteId: string, provider: Provider, reading: Reading): Promise<Invite | null> {
  const seen = new Set<string>();
  for (let id: string | null = inviteId; id !== null && !seen.has(id);) {
    seen.add(id);
    const [invite]: readonly Invite[] = await provider.invitesByIds(reading, [localIdOf(id)]);
    if (!invite?.replacedBy) return invite ?? null;
    id = formatId(invite.accountId, invite.replacedBy);
  }
  return null;
}

const CONSENT_FIELDS: Partial<Record<string, string[]>> = {
  INVITE_DECLINED: ['input', 'acknowledgeDeclined'],
  FULL_ACCESS: ['input', 'grantFullAccess'],
};

/** Asks for what the rules and the write need besides what the operation shows, and asks the vendor anew. */
function stateReading(reading: Reading, verb: RuledVerb): Reading {
  const needed = verb === 'RESEND' ? ['status', 'email'] : ['status', 'email', 'roles'];
  return {
    ...reading,
    fields: { ...reading.fields, invite: new Set([...reading.fields.invite, ...needed]) },
    once: (_key, ask) => ask(),
  };
}
