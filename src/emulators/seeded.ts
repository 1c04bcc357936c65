import { createHash } from 'node:crypto';

const digest = (seed: string) => createHash('sha256').update(seed).digest('hex');

/** A GUID that depends on nothing but its seed. */
export function guid(seed: string): string {
  const hex = digest(seed);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** A secret-looking code that depends on nothing but its seed. */
export const code = (seed: string): string => digest(seed).slice(0, 24).toUpperCase();

/** Hex of any length up to 64 that depends on nothing but its seed. */
export const hex = (seed: string, length: number): string => digest(seed).slice(0, length);
