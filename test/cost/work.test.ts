import { type FragmentDefinitionNode, Kind, parse, visit } from 'graphql';
import { countNodes } from '../../src/graphql/count-nodes';
import { coerceVariables } from '../../src/graphql/coerce-variables';
import { createSchema } from '../../src/graphql/schema';
import { formatCursor } from '../../src/pagination';
import { questionOf } from '../../src/resolvers/arguments';

const schema = createSchema();

/** Counts the objects of a document's first operation, and how often a selection set is looked at for that. */
function counted(text: string, most: number): { nodes: number; visits: number } {
  const document = parse(text);
  let visits = 0;
  // Each look at a selection set is seen.
  const watched = visit(document, {
    SelectionSet: {
      leave: (node) => ({
        ...node,
        get selections() {
          visits++;
          return node.selections;
        },
      }),
    },
  });
  const [operation] = watched.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  const fragments = new Map(
    watched.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  );
  const nodes = countNodes({ schema, operation, fragments, variables: {}, representations: 500 }, most);
  return { nodes, visits };
}

const chain = (levels: number): string =>
  Array.from({ length: levels }, (_, n) => `fragment F${n} on Account { ...F${n + 1} ...F${n + 1} }`).join(
    ' ',
  );

describe('work done for a request', () => {
  it('counts objects in a number of visits that grows with the text, not with its expansion', () => {
    const document = (levels: number) =>
      `{ accounts(first: 1) { nodes { ...F0 } } } ${chain(levels)} fragment F${levels} on Account { id }`;
    for (const levels of [10, 20, 40]) {
      const { nodes, visits } = counted(document(levels), 20_000);
      expect(nodes).toBe(2);
      expect(visits).toBeLessThanOrEqual(2 * levels + 10);
    }
  });

  it('stops counting objects at the limit', () => {
    const nested =
      '{ accounts(first: 1) { nodes { staffMembers(first: 1) { nodes { account { invites(first: 1) { nodes { account { staffMembers(first: 1) { nodes { id } } } } } } } } } } }';
    expect(counted(nested, 20_000)).toMatchObject({ nodes: 10 });
    const { visits } = counted(nested, 3);
    expect(visits).toBeLessThanOrEqual(5);
  });

  it('coerces variables with at most five errors', () => {
    const [operation] = parse(
      'query ($a: [ID!], $b: InviteFilter, $c: Int!, $d: Int!, $e: Int!, $f: Int!, $g: Int!) { __typename }',
    ).definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    const limits = { listItems: 1000, representations: 500 };
    let looked = 0;
    const items = Array.from({ length: 1001 }, () => 'x');
    const list = new Proxy(items, {
      get: (target, name, receiver) => {
        if (name !== 'length') looked++;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const { errors } = coerceVariables(schema, operation, { a: list, b: { x: 1, y: 2 } }, limits);
    expect(errors).toHaveLength(5);
    // Its length alone was looked at.
    expect(looked).toBe(0);
  });

  it('hashes a filter once for a list, and its digest for each cursor', () => {
    const scope = { scope: '*' } as Parameters<typeof questionOf>[1];
    const ids = Array.from({ length: 1000 }, (_, n) => `account-${n}`);
    const question = questionOf('staff', scope, { ids });
    expect(question).toHaveLength(43);
    expect(formatCursor(question, { account: 'a', position: '1' }).length).toBeLessThan(64);
  });
});
