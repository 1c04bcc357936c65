import { isObject } from '../shell/json';

/** Says what is wrong with a value, or null. */
export type Check = (value: unknown) => string | null;

/** A whole number in a range. */
export function whole(least: number, most: number): Check {
  const wanted = `must be a whole number from ${least} to ${most}`;
  return (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most ? null : wanted;
}

/** A number of milliseconds that a timer takes. */
export const milliseconds = whole(0, 2 ** 31 - 1);

/** A string that is not empty. */
export const text: Check = (value) =>
  typeof value === 'string' && value !== '' ? null : 'must be a string that is not empty';

/** A value of any kind. */
export const anything: Check = () => null;

/** True or false. */
export const flag: Check = (value) => (typeof value === 'boolean' ? null : 'must be true or false');

/** A string that may go out as a header, so that no fault can break the emulator itself. */
export const headerValue: Check = (value) =>
  typeof value === 'string' && /^[\t\x20-\x7e]+$/.test(value) ? null : 'must be printable ASCII';

/** An object of header names and values. */
export const headerMap: Check = (value) =>
  isObject(value) &&
  Object.entries(value).every(
    ([name, one]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && headerValue(one) === null,
  )
    ? null
    : 'must be an object of header names and printable values';

/** A list of changes to a JSON body. */
export const bodyChanges: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isBodyChange)
    ? null
    : 'must be a list of {path, change: set | remove | null | retype, value?}';

function isBodyChange(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { path, change } = value;
  const named =
    typeof path === 'string' || (Array.isArray(path) && path.every((part) => typeof part === 'string'));
  return named && ['set', 'remove', 'null', 'retype'].some((word) => word === change);
}
