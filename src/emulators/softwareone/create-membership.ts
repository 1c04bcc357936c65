import { isObject, parseJson, type JsonObject } from '../shell/json';
import { Refused, type VendorRequest } from '../shell/vendor';
import type { SwoAccount, SwoMembership } from './model';
import { mailInvitation, notFound, sees, type Parts } from './parts';

/** A parsed JSON body; another content type is 415. */
export function readJson({ problems }: Parts, { headers, body }: VendorRequest): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Refused(problems.plain(415));
  const parsed = parseJson(body);
  if (parsed === undefined) throw new Refused(problems.invalid({ $: ['The body is not valid JSON.'] }));
  return parsed;
}

/** The account to create in: the path's, else the body's, else the token's own. */
export type TargetAccount = (body: JsonObject) => string | undefined;

/**
 * Invites a person into an account, reusing the user of that address if there is one. Creating at once as a
 * member is for the platform's own people, and mails nothing.
 */
export function createMembership(
  parts: Parts,
  request: VendorRequest,
  viewer: SwoAccount,
  target: TargetAccount,
): SwoMembership {
  const { directory, problems } = parts;
  const body = readJson(parts, request);
  if (!isObject(body)) throw new Refused(problems.invalid({ $: ['The body must be an object.'] }));

  const accountId = target(body) ?? viewer.id;
  if (!sees(viewer, accountId) || !directory.accounts.has(accountId)) throw notFound(parts, accountId);
  const person = readPerson(parts, body);
  const groupIds = readGroups(parts, accountId, body['groups'], 'Create failed');
  const active = isObject(body['invitation']) && body['invitation']['status'] === 'Active';
  if (active && viewer.type !== 'Operations') throw new Refused(problems.plain(403));

  const known = directory.userByEmail(person.email);
  const held = known ? [...directory.membershipsOf(known.id)] : [];
  // The status of this refusal is unknown; 400 is the only one specified.
  if (held.some((one) => one.accountId === accountId)) {
    throw new Refused(
      problems.ruled('Create failed', 'User is already a member of the account', ['user.email']),
    );
  }
  const by = { id: viewer.token.id, name: viewer.token.name };
  const membership = directory.addMembership(known ?? directory.addUser(person), accountId, groupIds, by);
  if (active) directory.join(membership);
  else mailInvitation(parts, membership, 'invite');
  return membership;
}

function readPerson({ problems }: Parts, body: JsonObject) {
  const user = isObject(body['user']) ? body['user'] : {};
  const errors: Record<string, string[]> = {};
  const required = (name: string): string => {
    const value = user[name];
    if (typeof value === 'string' && value.trim() !== '') return value;
    errors[`user.${name}`] = [`The ${name} field is required.`];
    return '';
  };
  const person = {
    email: required('email'),
    firstName: required('firstName'),
    lastName: required('lastName'),
  };
  if (person.email !== '' && !/^[^\s@]+@[^\s@]+$/u.test(person.email)) {
    errors['user.email'] = ['The email field is not a valid e-mail address.'];
  }
  if (Object.keys(errors).length > 0) throw new Refused(problems.invalid(errors));
  return person;
}

/** The ids of groups of this account; at least one, as a membership without a group cannot be. */
export function readGroups(
  { directory, problems }: Parts,
  accountId: string,
  given: unknown,
  title: string,
): string[] {
  const ids = Array.isArray(given)
    ? given.map((group: unknown) => (isObject(group) ? group['id'] : null))
    : [];
  if (ids.length === 0) throw new Refused(problems.ruled(title, 'Group is required', ['groups']));
  return ids.map((id) => {
    const group = typeof id === 'string' ? directory.groups.get(id) : undefined;
    if (group?.accountId !== accountId) {
      throw new Refused(problems.ruled(title, `Group ${String(id)} not found`, ['groups']));
    }
    return group.id;
  });
}
