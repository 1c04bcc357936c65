import { hash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { LRUCache } from 'lru-cache';

const LOCAL =
  /^(?:[^\s"(),:;<>@[\\\]\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+|"(?:[^"\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\\[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}])+")$/u;
const DOMAIN = /^(?!.*\.\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/**
 * Nearly every address there is: ASCII alone, so that lower case is all there is to do. The rest goes the long way, also
 * domains that have a form in another script (`xn--`) or that a URL would read as a number.
 */
const PLAIN =
  /^(?=.{3,254}$)[a-z0-9_+-]{1,20}(?:\.[a-z0-9_+-]{1,20}){0,2}@(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.){1,4}[a-z]{2,24}$/;

/**
 * The one form under which two spellings of an address are the same: trimmed, NFC, lower case, domain in ASCII.
 * Null if it is no email address. For matching and hashing only: the vendor's own spelling is what is shown and sent.
 */
export function normaliseEmail(spelling: string): string | null {
  const plain = spelling.toLowerCase();
  if (PLAIN.test(plain)) return plain;
  if (spelling.length > 512) return null;
  const email = spelling.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = email.lastIndexOf('@');
  const local = email.slice(0, Math.max(at, 0));
  const written = email.slice(at + 1);
  // The conversion reads a URL's host: whatever a URL would end it with, decode or drop is no part of a domain.
  const domain = /[\s/\\?#%:@[\]\p{Cc}]/u.test(written) ? '' : domainToASCII(written);
  const wellFormed = LOCAL.test(local) && !/^\.|\.\.|\.$/.test(local) && DOMAIN.test(domain);
  return wellFormed && Buffer.byteLength(local) <= 64 && domain.length <= 253 ? `${local}@${domain}` : null;
}

/** The spelling in which an address can be sent to a vendor: trimmed, otherwise untouched; null if it is none. */
export function readEmail(spelling: string): string | null {
  return normaliseEmail(spelling) === null ? null : spelling.trim();
}

/** Whether two spellings are one address. */
export const sameEmail = (one: string, other: string): boolean =>
  one === other || (normaliseEmail(one) ?? one) === (normaliseEmail(other) ?? other);

/** A stand-in for an address where the address itself must not show, as in ids: `i-` and 22 characters of its hash. */
export function emailLocalId(spelling: string): string {
  const known = localIds.get(spelling);
  if (known !== undefined) return known;
  const made = `i-${hash('sha256', normaliseEmail(spelling) ?? spelling, 'base64url').slice(0, 22)}`;
  if (spelling.length <= MAX_REMEMBERED) localIds.set(spelling, made);
  return made;
}

/** The same addresses are met again and again, and each hash costs more than the rest of its row: some MB of them are kept. */
const localIds = new LRUCache<string, string>({ max: 20_000 });
const MAX_REMEMBERED = 100;
