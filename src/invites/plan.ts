import { emailLocalId } from '../email';
import { formatId, localIdOf } from '../ids';
import { type Invite, type InviteErrorCode, INVITE_STATUSES } from '../model';
import { type Outcome, VendorFailure } from '../vendors/outcome';
import type { Provider, Reading, WriteOptions } from '../vendors/provider';
import { type InputMistake, type InviteWrite, mistake, type NewInvite, targetField } from './request';
import type { Refusal } from './result';
import { judge, judgeNew } from './rules';

/** A write that the rules let through. */
export interface Plan {
  /** The local id under which the attempt is listed. */
  readonly local: string;
  /** Stands for the address that it is counted by; null where the address is not known. */
  readonly emailId: string | null;
  /** The invite as it is before the write; null where there is none yet. */
  readonly before: Invite | null;
  /** The one vendor call. */
  write(options: WriteOptions): Promise<Outcome<Invite>>;
}

/** Why there is no plan, and the invite that it is about, if any. */
export interface NoPlan {
  readonly refusal: Refusal;
  readonly before: Invite | null;
}

/** Reads the state of one invite, anew. */
export type ReadState = (provider: Provider, reading: Reading, inviteId: string) => Promise<Invite | null>;

/** Reads one invite by itself. */
export const readOne: ReadState = async (provider, reading, inviteId) => {
  const invites = await provider.invitesByIds(reading, [localIdOf(inviteId)]);
  return invites.find(({ id }) => id === inviteId) ?? null;
};

/** Reads the state of an invite and judges the verb by it. */
export async function planWrite(
  request: InviteWrite,
  provider: Provider,
  reading: Reading,
  readState: ReadState,
): Promise<Plan | NoPlan> {
  const { verb } = request;
  const asked = stateReading(reading);
  const before = await newest(request.inviteId, (id) => readState(provider, asked, id));
  if (before === null) return { refusal: { code: 'NOT_FOUND', field: targetField(request) }, before };
  const code = judge(verb, before, request.consent);
  if (code !== null)
    return { refusal: { code, field: verb === 'SEND_NEW' ? (CONSENT_FIELDS[code] ?? null) : null }, before };
  const calls = { RESEND: provider.resend, SEND_NEW: provider.sendNew, REVOKE: provider.revoke };
  return {
    local: localIdOf(before.id),
    emailId: before.email === null ? null : emailLocalId(before.email),
    before,
    write: (options) => calls[verb](before, options),
  };
}

/** Looks whether the address has an invite in this account already, and judges by the newest. */
export async function planInvite(
  request: NewInvite,
  provider: Provider,
  reading: Reading,
): Promise<Plan | NoPlan> {
  const missing = findMissing(request, provider);
  if (missing) return { refusal: missing, before: null };
  const email = request.email.trim();
  const asked = stateReading(reading);
  const page = { first: MAX_INVITES, after: null };
  const { rows, more } = await provider.invitePage(asked, page, {
    status: INVITE_STATUSES,
    emails: [email],
    expiresBefore: null,
  });
  // Whether the address has an invite already is not known.
  if (more && rows.length === 0) throw new VendorFailure('TOO_LARGE');
  const current = rows
    .map(({ item }) => item)
    .filter(({ replacedBy }) => replacedBy === null)
    .sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1))[0];
  const code = current ? judgeNew(current) : null;
  if (code !== null) return { refusal: { code, field: null }, before: current ?? null };
  const { firstName, lastName, roleIds } = request;
  const invitee = { email, firstName: firstName?.trim() ?? '', lastName: lastName?.trim() ?? '', roleIds };
  const local = emailLocalId(email);
  return { local, emailId: local, before: null, write: (options) => provider.create(invitee, options) };
}

const MAX_INVITES = 100;
const CONSENT_FIELDS: Partial<Record<InviteErrorCode, string[]>> = {
  INVITE_DECLINED: ['input', 'acknowledgeDeclined'],
  FULL_ACCESS: ['input', 'grantFullAccess'],
};

/** What this vendor needs for an invite and the request does not have. */
function findMissing(
  { firstName, lastName, roleIds, consent }: NewInvite,
  { inviteNeeds }: Provider,
): NoPlan['refusal'] | null {
  const invalid = (wrong: InputMistake) => ({ code: 'INVALID_INPUT', ...wrong }) as const;
  if (inviteNeeds.names && firstName === null)
    return invalid(mistake('firstName', 'is required by this vendor'));
  if (inviteNeeds.names && lastName === null)
    return invalid(mistake('lastName', 'is required by this vendor'));
  if (inviteNeeds.roles && roleIds.length === 0)
    return invalid(mistake('roleIds', 'must name at least one role'));
  return inviteNeeds.noRolesGrantEverything && roleIds.length === 0 && !consent.grantFullAccess
    ? { code: 'FULL_ACCESS', field: ['input', 'grantFullAccess'] }
    : null;
}

/** An invite that was replaced stands for the newest one to its address. */
async function newest(
  inviteId: string,
  read: (id: string) => Promise<Invite | null>,
): Promise<Invite | null> {
  const seen = new Set<string>();
  for (let id = inviteId; !seen.has(id);) {
    seen.add(id);
    const invite = await read(id);
    if (!invite?.replacedBy) return invite;
    id = formatId(invite.accountId, invite.replacedBy);
  }
  return null;
}

/**
 * Asks the vendor anew, and for all there is of the invite: the rules need some of it, and the answer is kept for whoever
 * repeats the call with another selection.
 */
const stateReading = (reading: Reading): Reading => ({
  ...reading.unshared(),
  fields: { ...reading.fields, invite: EVERY_FIELD },
});

const EVERY_FIELD: ReadonlySet<string> = new Set([
  ...['status', 'email', 'vendorStatus', 'roles'],
  ...['createdAt', 'expiresAt', 'expiresAtSource', 'acceptedAt'],
]);
