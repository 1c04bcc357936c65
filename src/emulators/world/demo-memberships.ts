import { code } from '../seeded';
import type { AuditEvent, SwoMembership } from '../softwareone/model';
import type { At } from './world';

/** Membership id, user id, group ids, and the days on which things happened. */
export type MembershipLine = readonly [
  id: string,
  userId: string,
  groupIds: readonly string[],
  story: {
    readonly created: number;
    /** The latest invitation; left out where the audit does not tell. */
    readonly invited?: number;
    readonly joined?: number;
    readonly updated?: number;
    readonly buyers?: readonly string[];
  },
];

/** Which account the groups of a series belong to. */
const accountOf: Readonly<Record<string, string>> = {
  'AUSR-2750': 'ACC-4821-7730',
  'AUSR-4410': 'ACC-5190-3364',
  'AUSR-6620': 'ACC-7702-1185',
};

const admin = { id: 'USR-1190-4502', name: 'Ivo Brandt' };
const sync = { id: 'TKN-5573-0081', name: 'hr-sync' };

/** A line of the table as the platform keeps it. */
export function toMembership([id, userId, groupIds, story]: MembershipLine, at: At): SwoMembership {
  const { created, invited, joined, buyers = [] } = story;
  const invitedAt = at(invited ?? created, '08:11');
  const by = (event: string, who: AuditEvent['by']): AuditEvent =>
    who ? { at: event, by: who } : { at: event };
  const updated = story.updated ?? joined ?? invited ?? created;
  const audit: SwoMembership['audit'] = {
    created: by(at(created, '08:11'), admin),
    updated: by(at(updated, '08:11'), updated === created ? admin : sync),
  };
  if (invited !== undefined) audit.invited = by(invitedAt, invited === created ? admin : sync);
  const membership: SwoMembership = {
    id,
    userId,
    accountId: accountOf[id.slice(0, 9)] ?? '',
    groupIds: [...groupIds],
    buyerIds: buyers,
    joined: joined !== undefined,
    invitedAt,
    inviteCode: code(`${id} invite`),
    audit,
  };
  if (joined === undefined) return membership;
  const joinedAt = at(joined, '12:20');
  Object.assign(audit, {
    joined: { at: joinedAt },
    access: { at: at(-1, '16:45') },
    invitationAcceptedAt: joinedAt,
  });
  return { ...membership, lastLoginAt: at(-1, '16:45') };
}
