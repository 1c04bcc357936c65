import type { Mail, SeenRequest } from '../../src/emulators/start';
import type {
  Mutation,
  ResendInvitePayload,
  RevealInviteLinkPayload,
  SendNewInvitePayload,
} from '../../src/generated/graphql';
import type { Rollcall } from '../support/start';

/** The mutations that send or withdraw one invite. */
export type WriteName = 'resendInvite' | 'sendNewInvite' | 'revokeInvite' | 'inviteStaffMember';

/** What each of them answers; only one of them replaces. */
export type Written = Omit<ResendInvitePayload, '__typename'> &
  Pick<Partial<SendNewInvitePayload>, 'replacedInviteId'>;

const ERRORS = 'userErrors { code message field suggestedAction availableAt vendorCode }';
const INVITE = 'invite { id status email externalId vendorStatus expiresAt roles { id } }';
const ATTEMPT = 'attempt { id verb outcome actor at vendorRequestId }';
const PAYLOAD = `{ outcome ${INVITE} ${ATTEMPT} ${ERRORS} }`;

const DOCUMENTS: Record<WriteName, string> = {
  resendInvite: `mutation ($input: ResendInviteInput!) { resendInvite(input: $input) ${PAYLOAD} }`,
  sendNewInvite: `mutation ($input: SendNewInviteInput!) {
    sendNewInvite(input: $input) { replacedInviteId outcome ${INVITE} ${ATTEMPT} ${ERRORS} }
  }`,
  revokeInvite: `mutation ($input: RevokeInviteInput!) { revokeInvite(input: $input) ${PAYLOAD} }`,
  inviteStaffMember: `mutation ($input: InviteStaffMemberInput!) { inviteStaffMember(input: $input) ${PAYLOAD} }`,
};

type Input = Readonly<Record<string, unknown>>;

/** Asks for one write and returns its payload; anything in `errors` fails the test. */
export async function write(rollcall: Rollcall, name: WriteName, input: Input): Promise<Written> {
  const { data, errors } = await rollcall.query(DOCUMENTS[name], { input });
  return answered(data?.[name], errors);
}

/** The same, by the verb's own name. */
export const resend = (rollcall: Rollcall, inviteId: string, more: Input = {}) =>
  write(rollcall, 'resendInvite', { inviteId, ...more });
export const sendNew = (rollcall: Rollcall, inviteId: string, more: Input = {}) =>
  write(rollcall, 'sendNewInvite', { inviteId, ...more });
export const revoke = (rollcall: Rollcall, inviteId: string, more: Input = {}) =>
  write(rollcall, 'revokeInvite', { inviteId, ...more });
export const inviteStaff = (rollcall: Rollcall, input: Input) => write(rollcall, 'inviteStaffMember', input);

/** Resends many. */
export async function resendMany(
  rollcall: Rollcall,
  inviteIds: readonly string[],
  more: Input = {},
): Promise<Mutation['resendInvites'] & object> {
  const { data, errors } = await rollcall.query(
    `mutation ($input: ResendInvitesInput!) { resendInvites(input: $input) { results ${PAYLOAD} ${ERRORS} } }`,
    { input: { inviteIds, ...more } },
  );
  return answered(data?.resendInvites, errors);
}

/** Reveals a link. */
export async function reveal(rollcall: Rollcall, inviteId: string): Promise<RevealInviteLinkPayload> {
  const { data, errors } = await rollcall.query(
    `mutation ($input: RevealInviteLinkInput!) { revealInviteLink(input: $input) { link expiresAt ${ERRORS} } }`,
    { input: { inviteId } },
  );
  return answered(data?.revealInviteLink, errors);
}

/** The outcome and whatever codes go with it. */
export const told = ({ outcome, userErrors }: Pick<Written, 'outcome' | 'userErrors'>): string =>
  [outcome, ...userErrors.map(({ code }) => code)].join(' ');

/** What the vendors were asked to do, as `METHOD path body`; reading is not doing. */
export const vendorWrites = (rollcall: Rollcall): string[] =>
  rollcall
    .vendorRequests()
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/sites/query'))
    .map(lineOf);

/** What the vendors were asked to show. */
export const vendorReads = (rollcall: Rollcall): string[] =>
  rollcall
    .vendorRequests()
    .filter(({ method, path }) => method === 'GET' || path.endsWith('/sites/query'))
    .map(lineOf);

const lineOf = ({ method, path, body }: SeenRequest): string => `${method} ${path} ${body}`.trim();

/** Every email that any vendor sent. */
export const mails = ({ emulators: { ecwid, softwareone, wix } }: Rollcall): Mail[] => [
  ...ecwid.mails,
  ...softwareone.mails,
  ...wix.mails,
];

function answered<T>(payload: T | null | undefined, errors: readonly object[]): T {
  if (payload == null || errors.length > 0) throw new Error(`no payload: ${JSON.stringify(errors)}`);
  return payload;
}
