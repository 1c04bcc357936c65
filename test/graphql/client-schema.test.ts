import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { createSchema } from '../../src/graphql/schema';

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'print-schema.mjs');

const fieldsOf = (schema: GraphQLSchema): string[] =>
  Object.values(schema.getTypeMap())
    .flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : type.name,
    )
    // What introspection and federation add.
    .filter((name) => !/^_|\._|__/.test(name))
    .sort();

describe('client schema (schema:print -- --without-federation)', () => {
  const sdl = execFileSync(process.execPath, [SCRIPT, '--without-federation'], { encoding: 'utf8' });

  it('is valid by the GraphQL specification alone: every directive in it is defined', () => {
    expect(() => buildSchema(sdl)).not.toThrow();
  });

  it('has no type or schema in several parts, and no directive of federation', () => {
    expect(parse(sdl).definitions.filter(({ kind }) => kind.endsWith('Extension'))).toEqual([]);
    expect(sdl).not.toMatch(/@(link|key|shareable|tag|authenticated|requiresScopes|cost|listSize)/);
  });

  it('has every type and field that the server has for clients', () => {
    expect(fieldsOf(buildSchema(sdl))).toEqual(fieldsOf(createSchema()));
  });
});
