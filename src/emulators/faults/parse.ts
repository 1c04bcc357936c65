import type { VendorName } from '../emulator';
import { isObject } from '../shell/json';
import { text, whole, type Check } from './checks';
import type { Fault } from './fault';
import { kinds, rulesOf } from './kinds';

/** What is wrong with a fault, and in which of its fields. */
export interface FaultMistake {
  readonly field: string;
  readonly message: string;
}

const scope: Record<string, Check> = {
  route: text,
  account: text,
  times: whole(1, 1_000_000_000),
  after: (value) => (value === 'execute' || value === 'skip' ? null : "must be 'execute' or 'skip'"),
};

/** The first mistake in a fault meant for this vendor; null when there is none. */
export function faultMistake(value: unknown, vendor: VendorName): FaultMistake | null {
  if (!isObject(value)) return { field: '', message: 'must be an object' };
  const { kind } = value;
  const rules = typeof kind === 'string' ? rulesOf(kind) : undefined;
  if (!rules) return { field: 'kind', message: `must be one of ${Object.keys(kinds).join(', ')}` };
  if (rules.vendor && rules.vendor !== vendor) {
    return { field: 'kind', message: `exists at ${rules.vendor} only` };
  }
  const needs = rules.needs ?? {};
  const takes = { ...scope, ...rules.takes };
  for (const [field, check] of Object.entries(needs)) {
    const message = field in value ? check(value[field]) : 'is missing';
    if (message) return { field, message };
  }
  for (const [field, given] of Object.entries(value)) {
    if (field === 'kind' || Object.hasOwn(needs, field)) continue;
    const check = Object.hasOwn(takes, field) ? takes[field] : undefined;
    const message = check ? check(given) : 'is not a field of this kind';
    if (message) return { field, message };
  }
  const { after } = value;
  return rules.fixed && after !== undefined && after !== rules.after
    ? { field: 'after', message: `is always '${rules.after}' for this kind` }
    : null;
}

/** Whether a value is a fault that this vendor can play. */
export function isFault(value: unknown, vendor: VendorName): value is Fault {
  return faultMistake(value, vendor) === null;
}
