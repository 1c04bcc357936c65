import { isObject } from '../shell/json';
import { QueryMistake } from './problems';
import type { Field, Row, Shape } from './shape';

/** A property that a dotted path leads to. */
export interface Property {
  readonly field: Field;
  readonly read: (row: Row) => unknown;
}

/** What may be reached: a field left out by default counts only once it is selected. */
export interface Reach {
  readonly shape: Shape;
  readonly isSelected: (name: string) => boolean;
  /** Where the shape itself hangs, for messages. */
  readonly prefix: string;
}

/** Follows a path; collections end it, closed fields refuse with the given message. */
export function propertyAt(reach: Reach, path: string, refusal: string): Property {
  const found = findProperty(reach, path);
  if (typeof found === 'string') throw new QueryMistake(reach.prefix + found, 'Invalid property path.');
  if (found.closed) throw new QueryMistake(reach.prefix + path, refusal);
  return found.property;
}

/** The property, or null where the path leads to none that may be used. */
export function maybeProperty(reach: Reach, path: string): Property | null {
  const found = findProperty(reach, path);
  return typeof found === 'string' || found.closed ? null : found.property;
}

function findProperty(reach: Reach, path: string): { property: Property; closed: boolean } | string {
  const segments = path.split('.');
  let shape: Shape | undefined = reach.shape;
  let field: Field | undefined;
  let closed = false;
  for (const [index, segment] of segments.entries()) {
    field = shape && Object.hasOwn(shape, segment) ? shape[segment] : undefined;
    if (!field) return segments.slice(0, index + 1).join('.');
    closed ||=
      field.closed === true || (field.omitted === true && !(index === 0 && reach.isSelected(segment)));
    shape = field.kind === 'collection' ? undefined : field.fields?.();
  }
  return field ? { property: { field, read: reader(segments) }, closed } : path;
}

function reader(segments: readonly string[]): Property['read'] {
  return (row) =>
    segments.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), row) ?? null;
}
