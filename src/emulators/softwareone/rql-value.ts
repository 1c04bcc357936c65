import { QueryMistake } from './problems';
import type { Field } from './shape';

/** What properties are compared as; dates are instants. */
export type Value = string | number | boolean | null;

/** A literal read as the type of the property it is compared with. */
export function toValue(kind: Field['kind'], text: string): Value {
  if (kind === 'text') return text;
  const value =
    kind === 'date' ? Date.parse(text) : kind === 'number' && text !== '' ? Number(text) : flags[text];
  if (value === undefined || Number.isNaN(value))
    throw new QueryMistake('query', `Cannot convert value: '${text}'.`);
  return value;
}

const flags: Readonly<Record<string, boolean>> = { true: true, false: false };
