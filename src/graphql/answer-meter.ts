import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  getNamedType,
  GraphQLError,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { Context } from './context';

/** Counts what an answer holds while it is made, in characters of its values and their names. */
export interface AnswerMeter {
  count(name: string | number, value: unknown): void;
  /** Whether the answer is larger than allowed: then it is not worth finishing, and is never written out. */
  readonly isTooLarge: boolean;
  /** How large it may be. */
  readonly most: number;
}

/** What surrounds a value in JSON: two quotes of its name, a colon and a comma. */
const JSON_OVERHEAD = 4;

/** Makes the meter of one answer. */
export function createAnswerMeter(most: number): AnswerMeter {
  let size = 0;
  return {
    most,
    count: (name, value) => {
      size += JSON_OVERHEAD + (typeof name === 'string' ? name.length : 0);
      size += typeof value === 'string' ? value.length : JSON_OVERHEAD;
    },
    get isTooLarge() {
      return size > most;
    },
  };
}

/** Resolves the fields that have no resolver of their own, and counts what they show. */
export const meteredResolver: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) =>
  metered(defaultFieldResolver(source, args, context, info), context, info.path.key);

/** Counts the values of the fields that have a resolver of their own. Changes the schema. */
export function meterResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || !isLeafType(getNamedType(field.type))) continue;
      field.resolve = (source, args, context: Context, info) => {
        const value: unknown = resolve(source, args, context, info);
        return value instanceof Promise
          ? value.then((resolved: unknown) => metered(resolved, context, info.path.key))
          : metered(value, context, info.path.key);
      };
    }
  }
  return schema;
}

/** Beyond the limit nothing is added to a list any more. */
export function metered(value: unknown, { answer }: Context, name: string | number): unknown {
  if (answer.isTooLarge && Array.isArray(value)) return [];
  answer.count(name, value);
  return value;
}

/** What the caller gets in place of an answer that is too large. Writes of the operation have been made. */
export const answerTooLarge = (most: number): GraphQLError =>
  new GraphQLError(`The answer is larger than ${most} bytes (limits.answerBytes); ask for less at once.`, {
    extensions: { code: 'ANSWER_TOO_LARGE' },
  });
