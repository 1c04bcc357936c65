import type { InviteErrorCode, InviteStatus } from '../../src/model';
import { localIdOf, SEED_INVITES } from '../support/seed-ids';
import type { WriteName } from '../support/invite-mutations';

/** The verbs on an invite that is there. */
export type Verb = Exclude<WriteName, 'inviteStaffMember'>;

const STAFF = '/api/v3/7700142/staff';
const MEMBERS = '/public/v1/accounts/account-users';
const SITE_INVITES = '/invites/site-invite';

const { ecwid, wix, softwareone } = SEED_INVITES;
const frontDesk = '7046409866117400001';
const manager = '6600344420111308827';

/** Whose invite, in which state and by which verb may be written to, and what comes of it. */
export const PERMITTED: readonly {
  readonly vendor: string;
  readonly state: string;
  readonly verb: Verb;
  readonly invite: string;
  /** The one request. */
  readonly line: string;
  /** The emails that leave. */
  readonly mailed: readonly string[];
  /** What the invite is then. */
  readonly then: InviteStatus;
  /** More input. */
  readonly more?: object;
}[] = [
  {
    vendor: 'Ecwid',
    state: 'PENDING',
    verb: 'resendInvite',
    invite: ecwid.pending,
    line: `POST ${STAFF}/invite {"email":"lena@harbor-tea.example"}`,
    mailed: ['resend lena@harbor-tea.example'],
    then: 'PENDING',
  },
  {
    vendor: 'Ecwid',
    state: 'PENDING',
    verb: 'revokeInvite',
    invite: ecwid.pending,
    line: `DELETE ${STAFF}/invite {"email":"lena@harbor-tea.example"}`,
    mailed: [],
    then: 'REVOKED',
  },
  {
    vendor: 'Ecwid',
    state: 'REVOKED',
    verb: 'sendNewInvite',
    invite: ecwid.revoked,
    line: `POST ${STAFF} {"email":"season.2025@harbor-tea.example","staffScopes":["CATALOG_MANAGEMENT"]}`,
    mailed: ['invite season.2025@harbor-tea.example'],
    then: 'PENDING',
  },
  {
    vendor: 'Wix',
    state: 'PENDING',
    verb: 'resendInvite',
    invite: wix.pending,
    line: `POST ${SITE_INVITES}/${localIdOf(wix.pending)}/resend {}`,
    mailed: ['resend freya@harbour-cafe.example'],
    then: 'PENDING',
  },
  {
    vendor: 'Wix',
    state: 'PENDING',
    verb: 'revokeInvite',
    invite: wix.pending,
    line: `POST ${SITE_INVITES}/${localIdOf(wix.pending)}/revoke {}`,
    mailed: [],
    then: 'REVOKED',
  },
  {
    vendor: 'Wix',
    state: 'EXPIRED',
    verb: 'sendNewInvite',
    invite: wix.expired,
    line: `POST ${SITE_INVITES}/bulk {"policyIds":["${frontDesk}"],"emails":["hugo@harbour-cafe.example"]}`,
    mailed: ['invite hugo@harbour-cafe.example'],
    then: 'PENDING',
  },
  {
    vendor: 'Wix',
    state: 'EXPIRED',
    verb: 'revokeInvite',
    invite: wix.expired,
    line: `POST ${SITE_INVITES}/${localIdOf(wix.expired)}/revoke {}`,
    mailed: [],
    then: 'REVOKED',
  },
  {
    vendor: 'Wix',
    state: 'DECLINED and acknowledged',
    verb: 'sendNewInvite',
    invite: wix.declined,
    line: `POST ${SITE_INVITES}/bulk {"policyIds":["${manager}","${frontDesk}"],"emails":["beatriz@harbour-cafe.example"]}`,
    mailed: ['invite beatriz@harbour-cafe.example'],
    then: 'PENDING',
    more: { acknowledgeDeclined: true },
  },
  {
    vendor: 'Wix',
    state: 'REVOKED',
    verb: 'sendNewInvite',
    invite: wix.revoked,
    line: `POST ${SITE_INVITES}/bulk {"policyIds":["${frontDesk}"],"emails":["dmitri@harbour-cafe.example"],"defaultEmailLanguage":"pt-BR"}`,
    mailed: ['invite dmitri@harbour-cafe.example pt-BR'],
    then: 'PENDING',
    more: { language: 'pt-BR' },
  },
  {
    vendor: 'Wix',
    state: 'unreadable',
    verb: 'resendInvite',
    invite: wix.unreadable,
    line: `POST ${SITE_INVITES}/${localIdOf(wix.unreadable)}/resend {"defaultEmailLanguage":"de"}`,
    mailed: ['resend wen@harbour-cafe.example de'],
    then: 'PENDING',
    more: { language: 'de' },
  },
  {
    vendor: 'Wix',
    state: 'unreadable',
    verb: 'revokeInvite',
    invite: wix.unreadable,
    line: `POST ${SITE_INVITES}/${localIdOf(wix.unreadable)}/revoke {}`,
    mailed: [],
    then: 'REVOKED',
  },
  {
    vendor: 'SoftwareOne',
    state: 'PENDING',
    verb: 'resendInvite',
    invite: softwareone.pending,
    line: `POST ${MEMBERS}/${localIdOf(softwareone.pending)}/resend-invite`,
    mailed: ['resend nora.vale@contoso.example'],
    then: 'PENDING',
    more: { language: 'es' },
  },
  {
    vendor: 'SoftwareOne',
    state: 'PENDING',
    verb: 'revokeInvite',
    invite: softwareone.pending,
    line: `DELETE ${MEMBERS}/${localIdOf(softwareone.pending)}`,
    mailed: [],
    then: 'REVOKED',
  },
  {
    vendor: 'SoftwareOne',
    state: 'EXPIRED',
    verb: 'sendNewInvite',
    invite: softwareone.expired,
    line: `POST ${MEMBERS}/${localIdOf(softwareone.expired)}/send-new-invite`,
    mailed: ['invite quentin.lhopital@contoso.example'],
    then: 'PENDING',
  },
  {
    vendor: 'SoftwareOne',
    state: 'EXPIRED',
    verb: 'revokeInvite',
    invite: softwareone.expired,
    line: `DELETE ${MEMBERS}/${localIdOf(softwareone.expired)}`,
    mailed: [],
    then: 'REVOKED',
  },
];

/** For each state the refusals in the order resend, sendNew, revoke; null where that verb is permitted. */
export const REFUSED: readonly (readonly [
  vendor: string,
  state: string,
  invite: string,
  codes: readonly (InviteErrorCode | null)[],
])[] = [
  ['Ecwid', 'PENDING', ecwid.pending, [null, 'INVITE_PENDING', null]],
  ['Ecwid', 'ACCEPTED', ecwid.accepted, ['INVITE_ACCEPTED', 'INVITE_ACCEPTED', 'INVITE_ACCEPTED']],
  ['Ecwid', 'REVOKED', ecwid.revoked, ['INVITE_REVOKED', null, 'INVITE_REVOKED']],
  ['Ecwid', 'unknown', ecwid.unknown, ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']],
  ['Wix', 'PENDING', wix.pending, [null, 'INVITE_PENDING', null]],
  ['Wix', 'EXPIRED', wix.expired, ['INVITE_EXPIRED', null, null]],
  ['Wix', 'DECLINED', wix.declined, ['INVITE_DECLINED', 'INVITE_DECLINED', 'INVITE_DECLINED']],
  ['Wix', 'REVOKED', wix.revoked, ['INVITE_REVOKED', null, 'INVITE_REVOKED']],
  ['Wix', 'ACCEPTED', wix.accepted, ['INVITE_ACCEPTED', 'INVITE_ACCEPTED', 'INVITE_ACCEPTED']],
  ['Wix', 'unreadable', wix.unreadable, [null, 'STATE_UNREADABLE', null]],
  ['Wix', 'malformed', 'harbour-cafe:no-guid', ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']],
  ['SoftwareOne', 'PENDING', softwareone.pending, [null, 'INVITE_PENDING', null]],
  ['SoftwareOne', 'EXPIRED', softwareone.expired, ['INVITE_EXPIRED', null, null]],
  [
    'SoftwareOne',
    'ACCEPTED',
    softwareone.accepted,
    ['INVITE_ACCEPTED', 'INVITE_ACCEPTED', 'INVITE_ACCEPTED'],
  ],
  ['SoftwareOne', 'unknown', softwareone.unknown, ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']],
];
