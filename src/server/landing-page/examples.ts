import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  OperationTypeNode,
  parse,
  visit,
} from 'graphql';

/** An operation that is ready to run: what it does, its whole text, and variables that fit the demo. */
export interface Example {
  /** The file's name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly kind: 'query' | 'mutation';
  /** The operation with its comments, followed by the fragments it uses. */
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The folder of the operations, beside `src` and `dist` alike. */
const FOLDER = join(__dirname, '..', '..', '..', 'examples', 'operations');

/** The one to begin with. */
const FIRST = 'staff-page';

/** Every operation in `examples/operations`: the first one to look at, the other queries, the mutations. */
export function readExamples(): Example[] {
  const fragments = fragmentsOf(read('fragments.graphql'));
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.graphql') && file !== 'fragments.graphql')
    .map((file) => toExample(file.replace(/\.graphql$/, ''), read(file), fragments))
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function toExample(name: string, text: string, fragments: Fragments): Example {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || document.definitions.length > 1)
    throw new Error(`examples/operations/${name}.graphql must hold one operation and nothing else.`);
  const used = [...usedFragments(document, fragments)].map(textOf);
  const variables = `${name}.variables.json`;
  return {
    name,
    title: name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' '),
    kind: operation.operation === OperationTypeNode.MUTATION ? 'mutation' : 'query',
    document: [text.trim(), ...used].join('\n\n') + '\n',
    variables: existsSync(join(FOLDER, variables))
      ? (JSON.parse(read(variables)) as Example['variables'])
      : {},
  };
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const fragmentsOf = (text: string): Fragments =>
  new Map(
    parse(text).definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );

/** The fragments that a document spreads, and those that they spread, in the order they are met. */
function usedFragments(
  node: DocumentNode | FragmentDefinitionNode,
  all: Fragments,
): Set<FragmentDefinitionNode> {
  const used = new Set<FragmentDefinitionNode>();
  visit(node, {
    FragmentSpread: ({ name }) => {
      const fragment = all.get(name.value);
      if (!fragment) throw new Error(`There is no fragment ${name.value} in examples/operations.`);
      for (const each of [fragment, ...usedFragments(fragment, all)]) used.add(each);
    },
  });
  return used;
}

const textOf = ({ loc }: FragmentDefinitionNode): string => loc?.source.body.slice(loc.start, loc.end) ?? '';

const rank = ({ name, kind }: Example): number => (name === FIRST ? 0 : kind === 'query' ? 1 : 2);

const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
