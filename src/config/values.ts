import { isIP } from 'node:net';
import { z } from 'zod';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `5s`, `2m`, `24h`, in milliseconds. */
export const duration = z
  .string('must be a duration such as 500ms, 5s, 2m or 24h')
  .regex(/^\d{1,9}(ms|s|m|h)$/, 'must be a duration such as 500ms, 5s, 2m or 24h')
  .transform((text) => {
    const [, amount, unit] = /^(\d+)(\w+)$/.exec(text) ?? [];
    return Number(amount) * (UNITS[unit ?? ''] ?? 0);
  });

/** A whole number, also as the text that an environment variable holds. */
export const integer = (least: number, most: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,15}$/)
          .transform(Number),
      ],
      `must be a whole number from ${least} to ${most}`,
    )
    .refine(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      `must be a whole number from ${least} to ${most}`,
    );

/** True or false, also as the text that an environment variable holds. */
export const flag = z.union(
  [z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')],
  'must be true or false',
);

/** Whether a host name means this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

/** A vendor's address: https, or http on this machine, where nobody listens in. */
export const baseUrl = z
  .string('must be an address')
  .refine((text) => URL.canParse(text), 'is no address')
  .transform((text) => new URL(text))
  .refine(
    ({ username, password, search, hash }) => !username && !password && !search && !hash,
    'must be a plain address',
  )
  .refine(
    ({ protocol, hostname }) => protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)),
    'must be https, or http on loopback',
  )
  .transform(({ href }) => href.replace(/\/$/, ''));

/** Where browsers may call from: scheme, host and port. */
export const origin = z
  .string()
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be an origin such as https://console.example.com',
  );

/** Where Redis is: its message never shows the address, which may have a password in it. */
export const redisUrl = z
  .string('must be an address')
  .refine(isRedisUrl, 'must be redis://user:password@host:port/database, or rediss:// for TLS');

function isRedisUrl(text: string): boolean {
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, username, password, search, hash } = new URL(text);
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return hostname !== '' && /^\/?$|^\/\d{1,5}$/.test(pathname) && search === '' && hash === '';
}
