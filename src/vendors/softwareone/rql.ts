/** A piece of RQL, ready for the query string: https://docs.platform.softwareone.com, "Resource query language". */
export type Rql = string & { readonly rql: unique symbol };

/** The properties we filter by: never a caller's. */
export type Property = 'id' | 'account.id' | 'user.name' | 'user.email' | 'invitation.status';

const rql = (text: string): Rql => text as Rql;

/** The property is this text; null where RQL cannot say it. */
export const eq = (property: Property, value: string): Rql | null => compare('eq', property, value);

/** The property is not this text. */
export const ne = (property: Property, value: string): Rql | null => compare('ne', property, value);

/** The property is this text, in whatever case. */
export const equalsText = (property: Property, value: string): Rql | null =>
  // A star has a meaning at an end, and what escapes it elsewhere is not documented.
  value.includes('*') ? null : compare('ilike', property, value);

/** The property contains this text, in whatever case. */
export const contains = (property: Property, value: string): Rql | null =>
  value.includes('*') ? null : compare('ilike', property, `*${value}*`);

/** The property is one of these texts; null for an empty list, which RQL refuses. */
export const isIn = (property: Property, values: readonly string[]): Rql | null =>
  set('in', property, values);

/** The property is none of these texts. */
export const notIn = (property: Property, values: readonly string[]): Rql | null =>
  set('out', property, values);

/** All of these; the ones that RQL cannot say are left out, for the caller to apply after reading. */
export const and = (...parts: readonly (Rql | null)[]): Rql | null =>
  join(
    'and',
    parts.filter((part) => part !== null),
  );

/** Any of these; null if RQL cannot say one of them. */
export const or = (...parts: readonly (Rql | null)[]): Rql | null =>
  parts.includes(null)
    ? null
    : join(
        'or',
        parts.filter((part) => part !== null),
      );

function join(operator: string, parts: readonly Rql[]): Rql | null {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return first ?? null;
  return rql(`${operator}(${parts.join(',')})`);
}

function compare(operator: string, property: Property, value: string): Rql | null {
  const quoted = quote(value);
  return quoted === null ? null : rql(`${operator}(${property},${quoted})`);
}

function set(operator: string, property: Property, values: readonly string[]): Rql | null {
  const quoted = values.map((value) => quote(value)).filter((value) => value !== null);
  return quoted.length > 0 && quoted.length === values.length
    ? rql(`${operator}(${property},(${quoted.join(',')}))`)
    : null;
}

/**
 * A value in quotes, percent-encoded. There is no escape for a quote within its own kind, and what a backslash does is
 * documented for stars alone; a value that would need more than that cannot be said.
 */
function quote(value: string): string | null {
  if (/[\\\p{Cc}\p{Surrogate}]/u.test(value) || (value.includes('"') && value.includes("'"))) return null;
  const mark = value.includes('"') ? "'" : '%22';
  return `${mark}${encodeURIComponent(value).replaceAll('(', '%28').replaceAll(')', '%29')}${mark}`;
}
