import type { Emulators } from '../../src/emulators/start';
import { rememberPast } from '../../src/demo';
import type { Ledger } from '../../src/ledger/ledger';
import type { Invite } from '../../src/model';
import { toMembership } from '../../src/vendors/ecwid/mapper';
import { answered, toUnreadableInvite } from '../../src/vendors/wix/mapper';
import { readInviteAnswer } from '../../src/vendors/wix/wire';
import type { PlannedWrite } from '../support/planned-writes';

/**
 * Brings vendors and memory to where each write is allowed: what is to be sent anew has expired at SoftwareOne, was
 * declined or withdrawn at Wix, and was withdrawn through this API at Ecwid.
 */
export async function prepare(
  writes: readonly PlannedWrite[],
  emulators: Emulators,
  ledger: Ledger,
): Promise<void> {
  await rememberPast(ledger, emulators);
  const wixInvites = new Map(emulators.remembered.wix.map(({ invite }) => [invite.id, invite]));
  for (const { verb, vendor, account, vendorId, email, index } of writes) {
    if (verb !== 'SEND_NEW') continue;
    if (vendor === 'softwareone') {
      emulators.softwareone.changeInvite(account.key, vendorId, 'expire');
    } else if (vendor === 'wix') {
      const declined = index % 2 === 0;
      emulators.wix.changeInvite(account.key, vendorId, declined ? 'decline' : 'remove');
      const answer = readInviteAnswer({ invite: wixInvites.get(vendorId) });
      if (!answer) throw new Error(`Wix has no invite ${vendorId}`);
      const invite = answered(toUnreadableInvite(account.key, vendorId), answer);
      await ledger.remembered.remember({ ...invite, status: declined ? 'DECLINED' : 'REVOKED' });
    } else {
      emulators.ecwid.changeInvite(account.key, email, 'remove');
      await ledger.remembered.remember({ ...ecwidInvite(account.key, email), status: 'REVOKED' });
    }
  }
}

function ecwidInvite(accountKey: string, email: string): Invite {
  const row = { id: null, name: null, email, staffScopes: ['CATALOG_MANAGEMENT'], inviteAccepted: false };
  const invite = toMembership(accountKey, row)?.invite;
  if (!invite) throw new Error(`no invite for ${email}`);
  return invite;
}
