import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isNullableType,
} from 'graphql';
import type { Random } from '../support/random';

/** What stands in the seed: real and unknown ids, addresses and words to look for. */
export interface SeedWords {
  readonly accounts: readonly string[];
  readonly staffMembers: readonly string[];
  readonly invites: readonly string[];
  readonly emails: readonly string[];
}

/** A declared variable, and what requests give for it. */
interface Variable {
  readonly type: string;
  readonly fallback: string | null;
  readonly values: readonly unknown[];
}

/** The variables of a document and the literals of its arguments. */
export interface Inputs {
  /** A literal or a variable for an argument or input field of this name and type; null leaves it out. */
  argument(name: string, type: GraphQLInputType, owner: string): string | null;
  /** A condition of `@skip` or `@include`: a literal or a variable. */
  condition(): string;
  /** The declarations of the variables that a text uses; empty where it uses none. */
  declarations(text: string): string;
  /** What one request gives for the declared variables: some omitted, some null. */
  values(text: string): Record<string, unknown>;
}

/** Creates the inputs of one document. */
export function createInputs(random: Random, words: SeedWords): Inputs {
  const variables = new Map<string, Variable>();
  const wordFor = (name: string, type: string, owner: string): unknown => {
    if (type === 'Boolean') return random.chance(0.5);
    if (type === 'Int') return random.chance(0.05) ? random.pick([0, -1, 101]) : 1 + random.below(3);
    if (type === '_Any') return representation();
    if (type === 'EmailAddress') return random.chance(0.1) ? 'none' : random.pick(words.emails);
    if (type === 'DateTime') return random.chance(0.1) ? 'soon' : '2026-03-12T00:00:00Z';
    if (name === 'after') return 'bm9uZQ';
    if (name === 'search') return random.pick(['a', 'ma', 'Zoë', '']);
    if (/account/i.test(name + owner)) return random.pick(words.accounts);
    return random.pick(/invite/i.test(owner) ? words.invites : words.staffMembers);
  };
  const representation = (): object => {
    const type = random.pick(['Account', 'StaffMember', 'Invite', 'Invite', 'Person']);
    if (type === 'Person') return { __typename: type, email: random.pick(words.emails) };
    const ids = { Account: words.accounts, StaffMember: words.staffMembers, Invite: words.invites }[type];
    return { __typename: type, ...(random.chance(0.05) ? {} : { id: random.pick(ids ?? []) }) };
  };

  const value = (name: string, type: GraphQLInputType, owner: string): unknown => {
    if (isNonNullType(type)) return value(name, type.ofType, owner);
    if (isListType(type)) {
      const length = random.below(4);
      return Array.from({ length }, () => value(name, type.ofType, owner));
    }
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    if (!isInputObjectType(type)) return wordFor(name, type.name, owner);
    const given = Object.values(type.getFields()).filter(
      (field) => !isNullableType(field.type) || random.chance(0.4),
    );
    return Object.fromEntries(
      given.map((field) => [
        field.name,
        isNullableType(field.type) && random.chance(0.2) ? null : value(field.name, field.type, owner),
      ]),
    );
  };

  const declare = (name: string, type: GraphQLInputType, owner: string): string => {
    const nullable = isNullableType(type);
    const inner = nullable ? String(type) : String(type).slice(0, -1);
    const withDefault = random.chance(0.3) && !inner.includes('_Any');
    const declared = {
      type: withDefault || (nullable && random.chance(0.8)) ? inner : `${inner}!`,
      fallback: withDefault ? literal(name, type, owner, false) : null,
      values: [value(name, type, owner), value(name, type, owner)],
    };
    const known = [...variables].find(([, { type: other }]) => other === declared.type && random.chance(0.5));
    if (known) return `$${known[0]}`;
    const made = random.chance(0.02) && !variables.has('constructor') ? 'constructor' : `v${variables.size}`;
    variables.set(made, declared);
    return `$${made}`;
  };

  const literal = (name: string, type: GraphQLInputType, owner: string, free: boolean): string => {
    if (free && random.chance(0.35)) return declare(name, type, owner);
    if (isNonNullType(type)) return literal(name, type.ofType, owner, free);
    if (isListType(type)) {
      const item = (): string => literal(name, type.ofType, owner, free);
      return random.chance(0.1) ? item() : `[${Array.from({ length: random.below(4) }, item).join(', ')}]`;
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).flatMap((field) => {
        const text = optional(field.name, field.type, owner, free);
        return text === null ? [] : `${field.name}: ${text}`;
      });
      return `{ ${fields.join(', ')} }`;
    }
    if (String(type) === '_Any') {
      const entries = Object.entries(representation());
      const shown = entries.map(([key, word]) =>
        // The scalar takes anything: a variable of any type may stand in it.
        key !== '__typename' && random.chance(0.4)
          ? `${key}: ${declareWord(String(word))}`
          : `${key}: ${JSON.stringify(word)}`,
      );
      return `{ ${shown.join(', ')} }`;
    }
    return isEnumType(type)
      ? random.pick(type.getValues()).name
      : JSON.stringify(wordFor(name, String(type), owner));
  };

  const declareWord = (word: string): string => {
    const name = `v${variables.size}`;
    variables.set(name, {
      type: 'ID',
      fallback: random.chance(0.3) ? JSON.stringify(word) : null,
      values: [word],
    });
    return `$${name}`;
  };

  const optional = (name: string, type: GraphQLInputType, owner: string, free: boolean): string | null => {
    if (isNullableType(type) && random.chance(0.5)) return null;
    if (isNullableType(type) && random.chance(0.1)) return 'null';
    return literal(name, type, owner, free);
  };

  const used = (text: string): [string, Variable][] =>
    [...variables].filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));

  return {
    argument: (name, type, owner) => optional(name, type, owner, true),
    condition: () => {
      if (random.chance(0.15)) return String(random.chance(0.5));
      const known = [...variables].filter(([, { type }]) => type.startsWith('Boolean'));
      if (known.length > 2) return `$${random.pick(known)[0]}`;
      const name = `b${variables.size}`;
      const fallback = random.chance(0.3) ? String(random.chance(0.5)) : null;
      const type = fallback === null ? 'Boolean!' : random.pick(['Boolean', 'Boolean!']);
      variables.set(name, { type, fallback, values: [true, false] });
      return `$${name}`;
    },
    declarations: (text) => {
      const declared = used(text).map(
        ([name, { type, fallback }]) => `$${name}: ${type}${fallback === null ? '' : ` = ${fallback}`}`,
      );
      return declared.length === 0 ? '' : `(${declared.join(', ')})`;
    },
    values: (text) =>
      Object.fromEntries(
        used(text).flatMap(([name, { type, fallback, values }]): [string, unknown][] => {
          const isRequired = type.endsWith('!') && fallback === null;
          if (!isRequired && random.chance(0.3)) return [];
          if (random.chance(type.endsWith('!') ? 0.01 : 0.15)) return [[name, null]];
          return [[name, random.pick(values)]];
        }),
      ),
  };
}
