import { Refused, type SendMail, type VendorRequest } from '../shell/vendor';
import type { Directory } from './directory';
import type { SwoAccount, SwoMembership } from './model';
import type { Problems } from './problems';
import { inviteUrl, type Rows } from './rows';

/** What every endpoint works with. */
export interface Parts {
  readonly directory: Directory;
  readonly rows: Rows;
  readonly problems: Problems;
  readonly sendMail: SendMail;
  /** The account whose token this is, or a refusal. */
  readonly enter: (request: VendorRequest) => SwoAccount;
}

/** Whether an account may see another's data: the platform's own sees all, the others themselves. */
export const sees = (viewer: SwoAccount, accountId: string): boolean =>
  viewer.type === 'Operations' || viewer.id === accountId;

/** Refuses as if there were nothing: what is not visible does not exist. */
export function notFound({ problems }: Parts, id: string): Refused {
  // The wording is unknown.
  return new Refused(problems.detailed(404, `Entity for given id ${id} not found`));
}

/** Mails the link of a membership's invitation. */
export function mailInvitation(parts: Parts, membership: SwoMembership, kind: 'invite' | 'resend'): void {
  const { directory, sendMail } = parts;
  const account = directory.accounts.get(membership.accountId)?.key ?? membership.accountId;
  const to = directory.users.get(membership.userId)?.email ?? '';
  sendMail({ account, to, kind, language: null, link: inviteUrl(membership.inviteCode) });
}
