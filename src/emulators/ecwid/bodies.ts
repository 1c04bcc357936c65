import { isObject, isStrings, parseJson, type JsonObject } from '../shell/json';
import { Refused, type VendorRequest } from '../shell/vendor';
import { wrongParameter } from './answers';

/** The request's JSON object; another content type is 415, anything else that is no object 400. */
export function readBody({ headers, body }: VendorRequest): JsonObject {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json' && type !== 'text/json') {
    throw new Refused({ status: 415, body: { errorMessage: 'Unsupported content type' } });
  }
  const parsed = parseJson(body);
  if (!isObject(parsed)) throw new Refused(wrongParameter('Malformed JSON'));
  return parsed;
}

/** The required email; what else Ecwid asks of an address is unknown. */
export function readEmail({ email }: JsonObject): string {
  if (typeof email === 'string' && email.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(email))
    return email;
  throw new Refused(wrongParameter('Wrong parameter email'));
}

/** The scopes to grant. Missing and empty both grant everything, which is Ecwid's own reading. */
export function readScopes({ staffScopes }: JsonObject, available: readonly string[]): string[] {
  if (staffScopes === undefined || staffScopes === null) return [];
  if (!isStrings(staffScopes)) throw new Refused(wrongParameter('Wrong parameter staffScopes'));
  // The answer to a scope the store does not have is unknown; the general code is the likely one.
  const stranger = staffScopes.find((scope) => !available.includes(scope));
  if (stranger !== undefined) throw new Refused(wrongParameter('Wrong parameter staffScopes'));
  return [...new Set(staffScopes)];
}
