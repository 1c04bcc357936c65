import { isObject } from '../shell/json';
import { Refused } from '../shell/vendor';
import { wrongParameter } from './answers';

/** The fields a caller asked for; null stands for everything below. */
export type Fields = ReadonlyMap<string, Fields> | null;

/** Deeper than any documented answer; how deep Ecwid itself goes is unknown. */
const deepest = 32;

/**
 * Parses `list := item ("," item)*`, `item := name | name "(" list ")"`. An empty value counts as none and a
 * broken one is refused: what Ecwid does with either is unknown.
 */
export function parseResponseFields(text: string): Fields {
  if (text === '') return null;
  const tokens = text.match(/[A-Za-z0-9_]+|[^A-Za-z0-9_]/g) ?? [];
  let at = 0;

  function list(depth: number): Map<string, Fields> {
    if (depth > deepest) throw refusal(text);
    const fields = new Map<string, Fields>();
    do {
      const name = tokens[at];
      if (name === undefined || !/^\w+$/.test(name)) throw refusal(text);
      at += 1;
      merge(fields, name, below(depth));
    } while (take(','));
    return fields;
  }

  function below(depth: number): Fields {
    if (!take('(')) return null;
    const fields = list(depth + 1);
    if (!take(')')) throw refusal(text);
    return fields;
  }

  function take(token: string): boolean {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  }

  const fields = list(1);
  if (at !== tokens.length) throw refusal(text);
  return fields;
}

const refusal = (text: string) =>
  new Refused(wrongParameter(`Wrong parameter responseFields: ${text.slice(0, 100)}`));

/** A field named twice: the whole wins over a part, parts add up. */
function merge(fields: Map<string, Fields>, name: string, added: Fields): void {
  const known = fields.get(name);
  const merged = known === undefined ? added : joined(known, added);
  fields.set(name, merged);
}

function joined(one: Fields, other: Fields): Fields {
  if (one === null || other === null) return null;
  const both = new Map(one);
  for (const [name, fields] of other) merge(both, name, fields);
  return both;
}

/** The value with everything not asked for left out; arrays are transparent, unknown names are passed over. */
export function pickFields(value: unknown, fields: Fields): unknown {
  if (fields === null) return value;
  if (Array.isArray(value)) return value.map((item) => pickFields(item, fields));
  if (!isObject(value)) return value;
  const picked: Record<string, unknown> = {};
  for (const [name, below] of fields) {
    if (Object.hasOwn(value, name)) picked[name] = pickFields(value[name], below);
  }
  return picked;
}
