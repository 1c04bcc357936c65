import { hash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { LRUCache } from 'lru-cache';

const LOCAL =
  /^(?:[^\s"(),:;<>@[\\\]\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+|"(?:[^"\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\\[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])+")$/u;
const DOMAIN = /^(?!.*\.\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/**
 * Nearly every address there is: ASCII alone, so that lower case is all there is to do. The rest goes the long way, also
 * domains that have a form in another script (`xn--`) or that a URL would read as a number.
 */
const PLAIN =
  /^(?=.{3,254}$)[a-z0-9_+-]{1,20}(?:\.[a-z0-9_+-]{1,20}){0,2}@(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.){1,4}[a-z]{2,24}$/i;

/**
 * The one form under which two spellings of an address are the same: trimmed, NFC, lower case, domain in ASCII.
 * Null if it is no email address. For matching and hashing only: the vendor's own spelling is what is shown and sent.
 */
export function normaliseEmail(spelling: string): string | null {
  if (PLAIN.test(spelling)) return spelling.toLowerCase();
  if (spelling.length > 512) return null;
  const email = spelling.trim();
  const at = email.lastIndexOf('@');
  const local = foldLocal(email.slice(0, Math.max(at, 0)));
  const written = fold(email.slice(at + 1));
  // The conversion reads a URL's host: whatever a URL would end it with, decode or drop is no part of a domain.
  const domain = /[\s/\\?#%:@[\]\p{Cc}]/u.test(written) ? '' : domainToASCII(written);
  const wellFormed = LOCAL.test(local) && !/^\.|\.\.|\.$/.test(local) && DOMAIN.test(domain);
  return wellFormed && Buffer.byteLength(local) <= 64 && domain.length <= 253 ? `${local}@${domain}` : null;
}

const fold = (text: string): string => text.normalize('NFC').toLowerCase().normalize('NFC');

/** Characters that NFC turns into ASCII: the Kelvin sign (K), the Greek question mark (;) and varia (`). */
const ASCII_DOUBLES = /([\u212A\u037E\u1FEF])/;

/** Folds a local part. A character that only looks like one of ASCII stays what it is: it belongs to another mailbox. */
const foldLocal = (local: string): string =>
  local
    .split(ASCII_DOUBLES)
    .map((part) => (ASCII_DOUBLES.test(part) ? part : fold(part)))
    .join('');

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
