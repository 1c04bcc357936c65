import type { Mail, SeenRequest } from '../../src/emulators/start';
import type {
  Mutation,
  ResendInvitePayload,
  RevealInviteLinkPayload,
  SendNewInvitePayload,
} from '../../src/generated/graphql';
import type { Rollcall } from './start';

/** The mutations that send or withdraw one invite. */
export type WriteName = 'resendInvite' | 'sendNewInvite' | 'revokeInvite' | 'inviteStaffMember';

/** The payload of these mutations; only `sendNewInvite` has a replaced invite. */
export type WriteResult = Omit<ResendInvitePayload, '__typename'> &
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

/** Runs one mutation and returns its payload; any GraphQL error fails the test. */
export async function write(rollcall: Rollcall, name: WriteName, input: Input): Promise<WriteResult> {
  const { data, errors } = await rollcall.query(DOCUMENTS[name], { input });
  return payloadOf(data?.[name], errors);
}

/** Short forms of `write`, one for each mutation. */
export const resend = (rollcall: Rollcall, inviteId: string, more: Input = {}) =>
  write(rollcall, 'resendInvite', { inviteId, ...more });
export const sendNew = (rollcall: Rollcall, inviteId: string, more: Input = {}) =>
  write(rollcall, 'sendNewInvite', { inviteId, ...more });
export const revoke = (rollcall: Rollcall, inviteId: string, more: Input = {}) =>
  write(rollcall, 'revokeInvite', { inviteId, ...more });
export const inviteStaff = (rollcall: Rollcall, input: Input) => write(rollcall, 'inviteStaffMember', input);

/** Runs `resendInvites`; any GraphQL error fails the test. */
export async function resendMany(
  rollcall: Rollcall,
  inviteIds: readonly string[],
  more: Input = {},
): Promise<Mutation['resendInvites'] & object> {
  const { data, errors } = await rollcall.query(
    `mutation ($input: ResendInvitesInput!) { resendInvites(input: $input) { results ${PAYLOAD} ${ERRORS} } }`,
    { input: { inviteIds, ...more } },
  );
  return payloadOf(data?.resendInvites, errors);
}

/** Runs `revealInviteLink`; any GraphQL error fails the test. */
export async function reveal(rollcall: Rollcall, inviteId: string): Promise<RevealInviteLinkPayload> {
  const { data, errors } = await rollcall.query(
    `mutation ($input: RevealInviteLinkInput!) { revealInviteLink(input: $input) { link expiresAt ${ERRORS} } }`,
    { input: { inviteId } },
  );
  return payloadOf(data?.revealInviteLink, errors);
}

/** The outcome and the error codes in one text, for example `REFUSED COOLDOWN`. */
export const outcomeAndCodes = ({
  outcome,
  userErrors,
}: Pick<WriteResult, 'outcome' | 'userErrors'>): string =>
  [outcome, ...userErrors.map(({ code }) => code)].join(' ');

/** The write requests that the vendors received, as `METHOD path body`. */
export const vendorWrites = (rollcall: Rollcall): string[] =>
  rollcall
    .vendorRequests()
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/sites/query'))
    .map(lineOf);

/** The read requests that the vendors received, as `METHOD path body`. */
export const vendorReads = (rollcall: Rollcall): string[] =>
  rollcall
    .vendorRequests()
    .filter(({ method, path }) => method === 'GET' || path.endsWith('/sites/query'))
    .map(lineOf);

const lineOf = ({ method, path, body }: SeenRequest): string => `${method} ${path} ${body}`.trim();

/** Every email that the vendors sent. */
export const mails = ({ emulators: { ecwid, softwareone, wix } }: Rollcall): Mail[] => [
  ...ecwid.mails,
  ...softwareone.mails,
  ...wix.mails,
];

function payloadOf<T>(payload: T | null | undefined, errors: readonly object[]): T {
  if (payload == null || errors.length > 0) throw new Error(`no payload: ${JSON.stringify(errors)}`);
  return payload;
}
