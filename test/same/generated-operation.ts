import {
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import type { Random } from '../support/random';
import { createInputs, type SeedWords } from './generated-variables';

/** One request, made from a seed. */
export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

const MAX_DEPTH = 6;

/** Generates a valid document of queries, and one request for one of them. */
export function generateOperation(
  schema: GraphQLSchema,
  random: Random,
  words: SeedWords,
): GeneratedOperation {
  for (;;) {
    const made = generate(schema, random, words);
    if (isValid(schema, made.query)) return made;
  }
}

const isValid = (schema: GraphQLSchema, query: string): boolean =>
  validate(schema, parse(query), undefined, { maxErrors: 1 }).length === 0;

function generate(schema: GraphQLSchema, random: Random, words: SeedWords): GeneratedOperation {
  const inputs = createInputs(random, words);
  const fragments = new Map<string, { type: GraphQLCompositeType; text: string }>();
  /** The arguments of a field that has no alias are the same everywhere in the document, so that selections merge. */
  const plainArguments = new Map<string, string>();
  let aliases = 0;

  const directives = (): string => {
    if (!random.chance(0.25)) return '';
    const at = random.chance(0.05) ? '@ ' : '@';
    const one = `${at}${random.pick(['skip', 'include'])}(if: ${inputs.condition()})`;
    return random.chance(0.1)
      ? ` ${one} @${one.includes('skip') ? 'include' : 'skip'}(if: ${inputs.condition()})`
      : ` ${one}`;
  };

  const argumentsOf = (field: GraphQLField<unknown, unknown>): string => {
    const given = field.args.flatMap((argument) => {
      const text = inputs.argument(argument.name, argument.type, field.name);
      return text === null ? [] : `${argument.name}: ${text}`;
    });
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  };

  const fieldText = (
    parent: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown>,
    depth: number,
  ): string => {
    const type = getNamedType(field.type);
    const key = `${parent.name}.${field.name}`;
    const isPlain = random.chance(0.8);
    const known = isPlain ? plainArguments.get(key) : undefined;
    const args = known ?? argumentsOf(field);
    if (isPlain) plainArguments.set(key, args);
    const alias = isPlain ? '' : `${random.chance(0.05) ? '__proto__' : `a${aliases++}`}: `;
    const below = isCompositeType(type) ? ` { ${selection(type, depth + 1)} }` : '';
    return `${alias}${field.name}${args}${directives()}${below}`;
  };

  const someField = (parent: GraphQLCompositeType, depth: number): string => {
    if (!isObjectType(parent) || random.chance(0.08)) return `__typename${directives()}`;
    const fields = Object.values(parent.getFields()).filter(
      ({ name, type }) => name !== '_service' && (depth < MAX_DEPTH || !isCompositeType(getNamedType(type))),
    );
    return fields.length === 0 ? '__typename' : fieldText(parent, random.pick(fields), depth);
  };

  const fragmentOn = (type: GraphQLCompositeType, depth: number): string => {
    const known = [...fragments].filter(([, fragment]) => fragment.type === type).map(([name]) => name);
    if (known.length > 0 && (random.chance(0.7) || known.length > 3)) return random.pick(known);
    const text = selection(type, depth + 1);
    const name = random.chance(0.02) && !fragments.has('__proto__') ? '__proto__' : `F${fragments.size}`;
    fragments.set(name, { type, text });
    return name;
  };

  const selection = (type: GraphQLCompositeType, depth: number): string => {
    const parts: string[] = [];
    for (let count = 1 + random.below(3); count > 0; count--) {
      const kind = random.next();
      if (isUnionType(type)) {
        const member = random.pick(type.getTypes());
        parts.push(
          kind < 0.2
            ? `__typename${directives()}`
            : kind < 0.6
              ? `... on ${member.name}${directives()} { ${selection(member, depth + 1)} }`
              : `...${fragmentOn(member, depth)}${directives()}`,
        );
      } else if (kind < 0.15 && depth < MAX_DEPTH)
        parts.push(
          `...${random.chance(0.5) ? ` on ${type.name}` : ''}${directives()} { ${selection(type, depth + 1)} }`,
        );
      else if (kind < 0.4 && depth < MAX_DEPTH) parts.push(`...${fragmentOn(type, depth)}${directives()}`);
      else parts.push(someField(type, depth));
    }
    // The same again, with another condition or none: selections that merge.
    if (random.chance(0.25))
      parts.push(random.pick(parts).replace(/^([^({@]*?) ?@(skip|include)\(if: [^)]*\)/, '$1'));
    return parts.join(' ');
  };

  const root = schema.getQueryType();
  if (!root) throw new Error('The schema has no queries.');
  const bodies = Array.from({ length: random.chance(0.2) ? 2 : 1 }, () =>
    random.chance(0.03)
      ? `__type(name: "Invite") { kind name fields { name type { name } } } ${selection(root, 0)}`
      : selection(root, 0),
  );
  const reach = (text: string, seen = new Set<string>()): string => {
    const below = [...text.matchAll(/\.\.\.(\w+)/g)].map(([, name = '']) => name);
    return below.reduce((all, name) => {
      const fragment = fragments.get(name);
      if (!fragment || seen.has(name)) return all;
      seen.add(name);
      return `${all} ${reach(fragment.text, seen)}`;
    }, text);
  };
  const reached = bodies.map((body) => reach(body));
  const needed = new Set(reached.join(' ').match(/(?<=\.\.\.)\w+/g));
  const query = [
    ...bodies.map((body, index) => `query Q${index}${inputs.declarations(reached[index] ?? '')} { ${body} }`),
    ...[...fragments]
      .filter(([name]) => needed.has(name))
      .map(([name, { type, text }]) => `fragment ${name} on ${type.name} { ${text} }`),
  ].join('\n');
  const chosen = random.below(bodies.length);
  return {
    query,
    variables: inputs.values(reached[chosen] ?? ''),
    ...(bodies.length > 1 || random.chance(0.2) ? { operationName: `Q${chosen}` } : {}),
  };
}
