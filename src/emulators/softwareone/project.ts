import { isObject, type JsonObject } from '../shell/json';
import { isWanted, type Selection } from './select';
import type { Field, Row, Shape } from './shape';

/** How much of a resource is shown unasked: its default fields, those of a reference, or none. */
type Mode = 'full' | 'core' | 'bare';

/** The fields to show, each with those below it; null shows a value as it is. */
type Plan = readonly (readonly [name: string, below: Plan | null])[];

/** Turns a selection into what shows one row after the other: what was selected, what is shown by default, nothing null or empty. */
export function projection(shape: Shape, selection: Selection): (row: Row) => JsonObject {
  const plan = planOf(shape, selection, selection.bare ? 'bare' : 'full');
  return (row) => show(row, plan);
}

/** The fields that have something in them but are left out by default. */
export function omittedFields(row: Row, shape: Shape, selection: Selection): readonly string[] {
  if (selection.bare) return [];
  return Object.entries(shape)
    .filter(([name, { omitted }]) => omitted === true && !selection.below.has(name) && !isEmpty(row[name]))
    .map(([name]) => name);
}

function planOf(shape: Shape, selection: Selection | undefined, mode: Mode): Plan {
  return Object.entries(shape).flatMap(([name, field]): Plan => {
    const asked = selection?.below.get(name);
    const below = modeBelow(field, asked, mode);
    if (below === null) return [];
    const inner = field.fields?.();
    return [[name, inner ? planOf(inner, asked, asked?.bare === true ? 'bare' : below) : null]];
  });
}

/** The mode in which a field is shown; null where it is not. */
function modeBelow(field: Field, asked: Selection | undefined, mode: Mode): Mode | null {
  if (asked?.selected === true) return 'full';
  const byDefault = mode === 'full' ? field.omitted !== true : mode === 'core' && field.core === true;
  const unasked = byDefault && asked?.excluded !== true;
  if (asked && isWanted(asked)) {
    // Of a plain object only the parts that were named are shown; of a reference its core comes along.
    return unasked && field.kind !== 'object' ? 'core' : 'bare';
  }
  if (!unasked) return null;
  return field.kind === 'reference' || field.kind === 'collection' ? 'core' : 'full';
}

function show(row: Row, plan: Plan): JsonObject {
  const shown: Record<string, unknown> = {};
  for (const [name, below] of plan) {
    const value = below ? showBelow(row[name], below) : row[name];
    if (!isEmpty(value)) shown[name] = value;
  }
  return shown;
}

function showBelow(value: unknown, plan: Plan): unknown {
  if (Array.isArray(value)) return value.filter(isObject).map((item) => show(item, plan));
  return isObject(value) ? show(value, plan) : null;
}

/** The platform leaves out whatever is null or empty. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
