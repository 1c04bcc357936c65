/** What stands at a dotted path of a JSON value; `*` is every element of a list. Undefined where nothing does. */
export function at(value: unknown, path: string): unknown {
  const [name, ...rest] = path.split('.');
  if (name === undefined || name === '') return value;
  const below = rest.join('.');
  if (name === '*') return Array.isArray(value) ? value.map((item: unknown) => at(item, below)) : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return at((value as Record<string, unknown>)[name], below);
}

/** The texts at a path that ends in a list; anything else there fails the test. */
export function textsAt(value: unknown, path: string): string[] {
  const found = at(value, path);
  if (!Array.isArray(found) || !found.every((item) => typeof item === 'string'))
    throw new Error(`no list of texts at ${path}: ${JSON.stringify(value).slice(0, 500)}`);
  return found;
}
