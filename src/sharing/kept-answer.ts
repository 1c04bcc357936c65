import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import type { Found } from '../vendors/answers';

const MAX_BYTES = 1 << 20;
const CHECKSUM_BYTES = 16;
const content = z.strictObject({ asOf: z.number(), value: z.unknown() });

/** An answer as it is kept, with a checksum that holds at its own place only; null where it is too large, or no data. */
export function writeAnswer(
  { asOf, value }: { readonly asOf: number; readonly value: unknown },
  place: string,
): Buffer | null {
  try {
    // Answers have cycles in them: a person and the invite name each other.
    const bytes = serialize({ asOf, value });
    return bytes.length > MAX_BYTES ? null : Buffer.concat([checksum(bytes, place), bytes]);
  } catch {
    return null;
  }
}

/** An answer that was kept; null if it is not what one of us has written there. */
export function readAnswer(body: Buffer, place: string, ageMs: number): Found | null {
  const bytes = body.subarray(CHECKSUM_BYTES);
  const sum = body.subarray(0, CHECKSUM_BYTES);
  if (bytes.length > MAX_BYTES || !checksum(bytes, place).equals(sum)) return null;
  try {
    return { ...content.parse(deserialize(bytes)), ageMs, bytes: bytes.length };
  } catch {
    return null;
  }
}

const checksum = (bytes: Buffer, place: string): Buffer =>
  createHash('sha256').update(`${place}\n`).update(bytes).digest().subarray(0, CHECKSUM_BYTES);
