import type { ReactNode } from 'react';
import type { AccountNameFragment, InviteRowFragment, MemberRowFragment } from './generated/graphql';
import { Day, distance } from './instant';
import { INVITE_STATUS, type Label, STAFF_STATUS, VENDORS } from './words';

/** One line of the table: a person in an account, or an invite on its way to becoming one. */
export interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly account: AccountNameFragment;
  readonly status: Label;
  /** The instant that matters most about it, and what is to be said about that. */
  readonly when: ReactNode;
  readonly whenMore: string;
  /** What can be acted on; null for people who came without an invite. */
  readonly invite: InviteRowFragment | null;
}

/** The row of an invite. */
export const toInviteRow = (invite: InviteRowFragment): Row => ({
  id: invite.id,
  name: invite.staffMember?.name ?? null,
  email: invite.email,
  account: invite.account,
  status: INVITE_STATUS[invite.status],
  ...whenOfInvite(invite),
  invite,
});

/** The row of a staff member: of their invite, while that is what they are waiting for. */
export const toMemberRow = (member: MemberRowFragment): Row => ({
  id: member.id,
  name: member.name,
  email: member.email,
  account: member.account,
  status: STAFF_STATUS[member.status],
  ...(member.invite && member.status !== 'ACTIVE' && member.status !== 'SUSPENDED'
    ? whenOfInvite(member.invite)
    : whenOfMember(member)),
  invite: member.invite,
});

type When = Pick<Row, 'when' | 'whenMore'>;

function whenOfInvite(invite: InviteRowFragment): When {
  const { status, expiresAt, acceptedAt, createdAt } = invite;
  if (status === 'ACCEPTED')
    return acceptedAt ? day('Accepted', acceptedAt) : { when: 'Accepted', whenMore: 'Day not known' };
  if (expiresAt && (status === 'PENDING' || status === 'EXPIRED')) {
    // A vendor that does not tell the end has a documented lifetime to count from.
    const { when, whenMore } = day(status === 'PENDING' ? 'Until' : 'Expired', expiresAt);
    return { when, whenMore: invite.expiresAtSource === 'DERIVED' ? `${whenMore}, estimated` : whenMore };
  }
  if (createdAt) return day('Invited', createdAt);
  return { when: 'No date', whenMore: `${VENDORS[invite.account.vendor]} keeps none` };
}

function whenOfMember({ lastLoginAt, joinedAt, account }: MemberRowFragment): When {
  if (lastLoginAt) return day('Seen', lastLoginAt);
  if (joinedAt) return day('Joined', joinedAt);
  return { when: 'No date', whenMore: `${VENDORS[account.vendor]} tells none` };
}

const day = (word: string, at: string): When => ({
  when: (
    <>
      {word} <Day at={at} />
    </>
  ),
  whenMore: distance(at),
});
