import { isObject } from '../shell/json';
import { QueryMistake } from './problems';
import { maybeProperty, propertyAt, type Property, type Reach } from './property';
import { likeTest } from './rql-like';
import type { Comparison, Rql } from './rql-parser';
import { toValue, type Value } from './rql-value';
import type { Row } from './shape';

/** Whether a row is wanted. */
export type Test = (row: Row) => boolean;

const refusal = 'Filtering is not permitted.';

/** Turns a parsed filter into a test; every mistake in it is found here, before any row is read. */
export function compileFilter(rql: Rql, reach: Reach): Test {
  switch (rql.kind) {
    case 'and':
    case 'or': {
      const tests = rql.items.map((item) => compileFilter(item, reach));
      if (tests.length === 0) throw new QueryMistake('query', 'Empty expression.');
      return rql.kind === 'and'
        ? (row) => tests.every((test) => test(row))
        : (row) => tests.some((test) => test(row));
    }
    case 'not': {
      const inner = compileFilter(rql.inner, reach);
      return (row) => !inner(row);
    }
    case 'compare':
      return compareTest(rql, reach);
    case 'in':
    case 'out':
      return listTest(rql, reach);
    case 'any':
    case 'all':
      return collectionTest(rql, reach);
    default:
      // A bare word filters nothing; what the platform says to it is unknown.
      throw new QueryMistake('query', 'Unsupported expression.');
  }
}

function leftOf(rql: Rql, reach: Reach): Property {
  if (rql.kind === 'word') return propertyAt(reach, rql.text, refusal);
  if (rql.kind === 'self' && rql.path !== '') return propertyAt(reach, rql.path, refusal);
  throw new QueryMistake('query', 'Unsupported property node.');
}

function compareTest({ operator, left, right }: Extract<Rql, { kind: 'compare' }>, reach: Reach): Test {
  const property = leftOf(left, reach);
  if (operator === 'like' || operator === 'ilike') {
    if (right.kind !== 'word') throw new QueryMistake('query', 'Unsupported argument type.');
    const matches = likeTest(right.text, operator === 'ilike');
    return (row) => {
      const value = property.read(row);
      return typeof value === 'string' && matches(value);
    };
  }
  const read = operand(right, property, reach);
  return (row) => holds(operator, comparable(property, row), read(row));
}

/** An unquoted word that names a property is that property, on the platform too. */
function operand(right: Rql, left: Property, reach: Reach): (row: Row) => Value {
  const path =
    right.kind === 'self' ? right.path : right.kind === 'word' && !right.quoted ? right.text : null;
  const property = path === null ? null : maybeProperty(reach, path);
  if (property) return (row) => comparable(property, row);
  const constant = constantOf(right, left);
  return () => constant;
}

function constantOf(right: Rql, { field }: Property): Value {
  if (right.kind === 'null') return null;
  if (right.kind === 'empty') return '';
  if (right.kind === 'word') return toValue(field.kind, right.text);
  throw new QueryMistake('query', 'Unsupported argument type.');
}

function comparable({ field, read }: Property, row: Row): Value {
  const value = read(row);
  if (typeof value === 'string') return field.kind === 'date' ? toValue('date', value) : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  // Objects compare with null() alone, so that all that counts is that there is one.
  return value === null || value === undefined ? null : true;
}

function holds(operator: Exclude<Comparison, 'like' | 'ilike'>, left: Value, right: Value): boolean {
  if (operator === 'eq') return left === right;
  if (operator === 'ne') return left !== right;
  if (left === null || right === null) return false;
  if (operator === 'gt') return left > right;
  if (operator === 'ge') return left >= right;
  return operator === 'lt' ? left < right : left <= right;
}

function listTest({ kind, left, items }: Extract<Rql, { kind: 'in' | 'out' }>, reach: Reach): Test {
  const property = leftOf(left, reach);
  const wanted = new Set(
    items.map((item) => {
      if (item.kind === 'null') throw new QueryMistake('query', 'Null values are not supported.');
      return constantOf(item, property);
    }),
  );
  return (row) => wanted.has(comparable(property, row)) === (kind === 'in');
}

function collectionTest({ kind, left, inner }: Extract<Rql, { kind: 'any' | 'all' }>, reach: Reach): Test {
  const { field, read } = leftOf(left, reach);
  const path = left.kind === 'word' ? left.text : '';
  if (field.kind !== 'collection' || !field.fields) {
    throw new QueryMistake(reach.prefix + path, 'Collection property has incompatible type');
  }
  const below = { shape: field.fields(), isSelected: () => false, prefix: `${reach.prefix}${path}.` };
  const test = inner ? compileFilter(inner, below) : () => true;
  return (row) => {
    const items = read(row);
    const rows = Array.isArray(items) ? items.filter(isObject) : [];
    return kind === 'any' ? rows.some(test) : rows.every(test);
  };
}
