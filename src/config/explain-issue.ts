import type { z } from 'zod';
import { nearest } from '../lib/nearest';
import type { ConfigMistake } from './interpolate';
import { formatPath } from './interpolate';

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/**
 * The validator's error map: keeps which keys a section knows, while that is still at hand. One line for each unknown key.
 * Everything else is worded by `explainIssue`.
 */
export const nameUnknownKeys: z.core.$ZodErrorMap = (issue: RawIssue) => {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const { shape = {} } = (issue.inst as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def ?? {};
  return issue.keys.map((key) => unknownKey(key, Object.keys(shape))).join('\n');
};

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `is not a known key${meant === null ? '' : `; did you mean ${meant}?`}`;
}

/** One issue of the validator as mistakes for a person: where, and what is expected there; never a value. */
export function explainIssue(issue: z.core.$ZodIssue, values: unknown): ConfigMistake[] {
  if (issue.code === 'unrecognized_keys') {
    const problems = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: formatPath([...issue.path, key]),
      problem: problems[index] ?? 'is not a known key',
    }));
  }
  return [{ path: formatPath(issue.path), problem: problemOf(issue, valueAt(values, issue.path)) }];
}

/** The validator's own words, in place of which ours stand. */
const OWN_WORDS = /^(Invalid|Too (big|small)|Unrecognized)\b/;

function problemOf(issue: z.core.$ZodIssue, value: unknown): string {
  const { message } = issue;
  if (value === undefined && issue.code !== 'custom') return 'is missing';
  if (value === null && (message === 'is missing' || OWN_WORDS.test(message))) return 'is empty';
  // A schema's word for an absent value is wrong for one of another kind.
  if (issue.code === 'invalid_type' && (message === 'is missing' || OWN_WORDS.test(message)))
    return `must be ${KINDS[issue.expected] ?? issue.expected}, and is ${kindOf(value)}${hint(issue.expected, value)}`;
  return OWN_WORDS.test(message) ? expectation(issue) : message;
}

/** What each other code expects, for schemas that say nothing themselves. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `must be at least ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unit(issue.origin)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return 'does not have the form that is expected here';
    case 'invalid_union':
      return 'has none of the forms that are expected here';
    case 'invalid_key':
      return 'has a key that is not allowed';
    case 'invalid_element':
      return 'has an entry that is not allowed';
    default:
      return 'is not what is expected here';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a section of keys',
  record: 'a section of keys',
  array: 'a list',
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries', set: ' entries' };
const unit = (origin: string): string => UNITS[origin] ?? '';

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object') return 'a section of keys';
  return KINDS[typeof value] ?? typeof value;
}

/** YAML reads 7700142 as a number and yes as true: a person meant text. */
const hint = (expected: string, value: unknown): string =>
  expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')
    ? ': put it in quotes'
    : '';

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return value;
}
