import type { BodyChange } from './fault';

const missing = Symbol('missing');

/** The body as JSON would carry it, with every change made; a path that leads nowhere changes nothing. */
export function changeBody(body: unknown, changes: readonly BodyChange[]): unknown {
  return changes.reduce((changed, { path, change, value }) => {
    const parts = typeof path === 'string' ? path.split('.').filter((part) => part !== '') : path;
    const result = walk(changed, parts, (old) => apply(change, old, value));
    return result === missing ? null : result;
  }, toJson(body));
}

/** The body with every value found at the path replaced; nothing is added where there is none. */
export function replaceAt(body: unknown, path: string, value: unknown): unknown {
  return walk(body, path.split('.'), (old) => (old === missing ? missing : value));
}

const toJson = (body: unknown): unknown =>
  body === undefined ? null : (JSON.parse(JSON.stringify(body)) as unknown);

function walk(node: unknown, path: readonly string[], leaf: (old: unknown) => unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return leaf(node);
  if (Array.isArray(node)) {
    const items: readonly unknown[] = node;
    return items
      .map((item, index) => (part === '*' || part === String(index) ? walk(item, rest, leaf) : item))
      .filter((item) => item !== missing);
  }
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => [
    key,
    part === '*' || part === key ? walk(value, rest, leaf) : value,
  ]);
  if (part !== '*' && rest.length === 0 && !Object.hasOwn(node, part)) entries.push([part, leaf(missing)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== missing));
}

function apply(change: BodyChange['change'], old: unknown, value: unknown): unknown {
  if (change === 'set') return value;
  if (old === missing || change === 'remove') return missing;
  return change === 'null' ? null : retype(old);
}

/** A value of another type than the one that was there. */
function retype(old: unknown): unknown {
  if (typeof old === 'string') return 4711;
  if (typeof old === 'number' || typeof old === 'boolean') return String(old);
  return Array.isArray(old) ? {} : [];
}
