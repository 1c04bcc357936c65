import { toIso } from '../clock';
import type { EmulatorClock, InviteDeed } from '../emulator';
import { Refused, type SendMail, type Vendor } from '../shell/vendor';
import { createDirectory, type Directory } from './directory';
import { directoryRoutes } from './directory-routes';
import { membershipRoutes } from './membership-routes';
import { invitationLifeMs, type SwoMembership, type SwoWorld } from './model';
import type { Parts } from './parts';
import { createProblems } from './problems';
import { createRows } from './rows';
import { scopedView, standaloneView } from './views';

/** SoftwareOne Marketplace: memberships with an invitation, in two views over one directory. */
export function createSoftwareOne(seed: SwoWorld, clock: EmulatorClock, sendMail: SendMail): Vendor {
  const problems = createProblems();
  const directory = createDirectory(seed, clock);
  const byToken = new Map(seed.accounts.map((account) => [`Bearer ${account.token.value}`, account]));

  const parts: Parts = {
    directory,
    rows: createRows(directory),
    problems,
    sendMail,
    enter: ({ headers }) => {
      const account = byToken.get(headers.authorization ?? '');
      if (!account) throw new Refused(problems.plain(401));
      return account;
    },
  };

  return {
    name: 'softwareone',
    basePath: '/public/v1',
    contentType: 'application/json; charset=utf-8',
    routes: [
      ...membershipRoutes(parts, standaloneView(parts)),
      ...membershipRoutes(parts, scopedView(parts)),
      ...directoryRoutes(parts),
    ],
    headers: () => ({}),
    accountOf: ({ headers }) => byToken.get(headers.authorization ?? '')?.key ?? null,
    unknownRoute: ({ method, path }) => problems.detailed(404, `There is no ${method} ${path}`),
    failure: problems.plain,
    statusPaths: ['data.*.invitation.status', 'invitation.status', 'data.*.status'],
    changeInvite: (account, id, deed) => {
      const membership = directory.memberships.get(id);
      const owner = membership && directory.accounts.get(membership.accountId);
      if (!membership || owner?.key !== account) throw new Error(`${account} has no membership ${id}`);
      change(directory, membership, deed, clock);
    },
  };
}

function change(
  directory: Directory,
  membership: SwoMembership,
  deed: InviteDeed,
  clock: EmulatorClock,
): void {
  if (deed === 'accept') directory.join(membership);
  else if (deed === 'expire') membership.invitedAt = toIso(clock.now() - invitationLifeMs);
  // Declining exists in the portal; what the API then shows is unknown. Gone is the careful reading.
  else directory.removeMembership(membership);
}
