import { field, flag, list, text, texts, url } from '../wire';

/** A row of `staffList`. Pending rows may lack `id` and `name`. */
export interface EcwidStaff {
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly staffScopes: readonly string[] | null;
  readonly inviteAccepted: boolean | null;
}

/** What we read of the store profile. */
export interface EcwidProfile {
  readonly name: string | null;
  readonly storeUrl: string | null;
  readonly suspended: boolean | null;
}

/** `GET /staff`; null without its list. */
export const readStaffList = (body: unknown): EcwidStaff[] | null =>
  list(field(body, 'staffList'))?.map(readStaff) ?? null;

const readStaff = (row: unknown): EcwidStaff => ({
  id: text(field(row, 'id')),
  name: text(field(row, 'name')),
  email: text(field(row, 'email')),
  staffScopes: texts(field(row, 'staffScopes')),
  inviteAccepted: flag(field(row, 'inviteAccepted')),
});

/** `GET /profile`; the name is the store's, else the company's, else the owner's. */
export function readProfile(body: unknown): EcwidProfile | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const account = field(body, 'account');
  return {
    name:
      text(field(field(body, 'settings'), 'storeName')) ??
      text(field(field(body, 'company'), 'companyName')) ??
      text(field(account, 'accountName')),
    storeUrl: url(field(field(body, 'generalInfo'), 'storeUrl')),
    suspended: flag(field(account, 'suspended')),
  };
}

/** `GET /profile/staffScopes`: the permissions that this store's plan knows. */
export const readStaffScopes = (body: unknown): string[] | null => texts(field(body, 'staffScopes'));

/** `{success}`: false, with status 200, is a refusal. */
export const readSuccess = (body: unknown): { done: boolean } | null => {
  const done = flag(field(body, 'success'));
  return done === null ? null : { done };
};

/** `{deleteCount}`: 0, with status 200, is a refusal. */
export const readDeleteCount = (body: unknown): { done: boolean } | null => {
  const deleted = field(body, 'deleteCount');
  return deleted === 0 || deleted === 1 ? { done: deleted === 1 } : null;
};
