import { isLocalId } from '../ids';

/**
 * path`/staff/${id}`: every interpolated part is one whole segment of known characters, so that no id can change the
 * route. Percent-encoding is not enough: `..` stays `..`.
 */
export function path(literals: TemplateStringsArray, ...segments: readonly string[]): string {
  for (const segment of segments)
    if (!isLocalId(segment)) throw new TypeError('A vendor path was given an unchecked id.');
  return String.raw({ raw: literals }, ...segments);
}
