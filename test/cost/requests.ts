import type { Program } from './program';

/** What a request is bounded by. */
export type Expected = 'refused' | 'answered' | 'either';

/** One hostile request, or many of a kind. */
export interface CostCase {
  readonly name: string;
  readonly expected: Expected;
  /** The bodies to send, one after the other unless `together` says how many at once. */
  bodies(program: Program): Iterable<string>;
  readonly together?: number;
  /** The bearer token of each request; the program's own unless given. */
  token?(program: Program, index: number): Promise<string>;
}

const body = (query: string, variables?: object): string => JSON.stringify({ query, variables });
const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const repeated = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

const FILTERED = 'query ($filter: InviteFilter) { invites(filter: $filter) { totalCount } }';
const NESTED = (first: number) =>
  `{ ${`staffMembers(first: ${first}) { nodes { account { `.repeat(2)} staffMembers(first: ${first}) { nodes { id } } ${'} } }'.repeat(2)} }`;

/** Fragments, each of which spreads the next twice. */
const branching = (levels: number, last: string): string => {
  const fragments = times(levels, (n) => `fragment F${n} on StaffMember { ...F${n + 1} ...F${n + 1} }`);
  return `{ staffMembers(first: 1) { nodes { ...F0 } } } ${fragments} fragment F${levels} on StaffMember { ${last} }`;
};

/** The requests that broke an earlier version, and their neighbours. */
export const CASES: readonly CostCase[] = [
  {
    name: '41 fragments, each spreading the next twice, sent three times',
    expected: 'answered',
    bodies: () => repeated(3, body(branching(41, 'id'))),
  },
  {
    name: 'a filter variable with 22,000 unknown keys',
    expected: 'refused',
    bodies: () =>
      repeated(
        5,
        body(FILTERED, {
          filter: Object.fromEntries(Array.from({ length: 22_000 }, (_, n) => [`k${n}`, n % 10])),
        }),
      ),
  },
  {
    name: '120,000 zeros for a list of an enum',
    expected: 'refused',
    bodies: () => [body(FILTERED, { filter: { status: repeated(120_000, 0) } })],
  },
  {
    name: '80,000 empty lists for ids',
    expected: 'refused',
    bodies: () => [body(FILTERED, { filter: { accountIds: repeated(80_000, []) } })],
  },
  {
    name: 'three staffMembers(first: 100) nested through account',
    expected: 'refused',
    bodies: () => [body(NESTED(100))],
  },
  {
    name: '15 aliases of a search with totalCount over 15 accounts',
    expected: 'answered',
    bodies: ({ accounts }) => [
      body(
        `query ($ids: [ID!]) { ${times(15, (n) => `a${n}: staffMembers(first: 1, filter: { search: "staff1${n}", accountIds: $ids }) { totalCount nodes { id } }`)} }`,
        { ids: accounts.filter((key) => /000[1-5]$/.test(key)) },
      ),
    ],
  },
  {
    name: '1,450 distinct documents with 250 kB of comments',
    expected: 'refused',
    together: 4,
    *bodies() {
      for (let n = 0; n < 1450; n++) yield body(`{ __typename } # ${n} ${'x'.repeat(250_000)}`);
    },
  },
  {
    name: '1,450 distinct documents with 32 kB of comments, twice each',
    expected: 'answered',
    together: 4,
    *bodies() {
      for (let n = 0; n < 2900; n++) yield body(`{ __typename } # ${n % 1450} ${'x'.repeat(32_000)}`);
    },
  },
  {
    name: '170 distinct branching documents, three times each',
    expected: 'answered',
    *bodies() {
      for (let n = 0; n < 510; n++) yield body(branching(10 + (n % 5), `id name # ${n % 170}\n`));
    },
  },
  {
    name: '10,000 tokens of 12 kB',
    expected: 'answered',
    together: 8,
    *bodies() {
      for (let n = 0; n < 10_000; n++) yield body('{ __typename }');
    },
    token: ({ signer, tenant }, index) =>
      signer.sign({
        tenant,
        sub: `caller ${index}`,
        note: 'x'.repeat(9000),
        exp: Math.floor(Date.now() / 1000) + 3600,
      }),
  },
  {
    name: '211 kB of accountIds × 15 aliases',
    expected: 'refused',
    bodies: ({ accounts }) => [
      body(
        `query ($ids: [ID!]) { ${times(15, (n) => `a${n}: staffMembers(first: 100, filter: { accountIds: $ids }) { edges { cursor } }`)} }`,
        {
          ids: Array.from({ length: 7000 }, (_, n) => `${accounts[0] ?? ''}-${String(n).padStart(10, '0')}`),
        },
      ),
    ],
  },
  {
    name: '1,000 accountIds × 15 aliases, with a cursor for every row',
    expected: 'answered',
    bodies: ({ accounts }) => [
      body(
        `query ($ids: [ID!]) { ${times(15, (n) => `a${n}: staffMembers(first: 100, filter: { accountIds: $ids }) { edges { cursor } }`)} }`,
        {
          ids: [
            ...accounts,
            ...Array.from({ length: 1000 - accounts.length }, (_, n) => `x${String(n).padStart(50, '0')}`),
          ],
        },
      ),
    ],
  },
  ...['42', 'true', '{}', '["a"]'].map((sub): CostCase => ({
    name: `a token whose sub is ${sub}`,
    expected: 'refused',
    bodies: () => [body('{ accounts { nodes { id } } }')],
    token: ({ signer, tenant }) => signer.sign({ tenant, sub: JSON.parse(sub) as unknown }),
  })),
  {
    name: 'lists of 20,000 objects in all, the most that are allowed',
    expected: 'answered',
    bodies: () => [
      body(
        `{ ${times(3, (n) => `a${n}: accounts(first: 44) { nodes { staffMembers(first: 50) { nodes { id name email } } } }`)} }`,
      ),
    ],
  },
  {
    name: 'variables nested 60,000 levels deep',
    expected: 'refused',
    bodies: () => [
      `{"query":${JSON.stringify(FILTERED)},"variables":{"filter":{"accountIds":${'['.repeat(60_000)}${']'.repeat(60_000)}}}}`,
    ],
  },
  {
    name: '15,000 variables that are not declared',
    expected: 'answered',
    bodies: () => [
      body('{ __typename }', Object.fromEntries(Array.from({ length: 15_000 }, (_, n) => [`v${n}`, n]))),
    ],
  },
  {
    name: 'an email of 250 kB',
    expected: 'either',
    bodies: () => [
      body('query ($e: EmailAddress!) { person(email: $e) { sources { state } } }', {
        e: `${'a.'.repeat(120_000)}@example.com`,
      }),
    ],
  },
  {
    name: 'a body with 12,000 equal keys',
    expected: 'answered',
    bodies: () => [`{${'"variables":{},'.repeat(12_000)}"query":"{ __typename }"}`],
  },
  {
    name: '60 operations in one document, the first asked for',
    expected: 'answered',
    bodies: () => [
      JSON.stringify({
        query: times(60, (n) => `query Q${n} { accounts(first: 1) { nodes { id } } }`).slice(0, 32_000),
        operationName: 'Q0',
      }),
    ],
  },
  {
    name: 'an operation name of 30 kB',
    expected: 'answered',
    bodies: () => [body(`query ${'Q'.repeat(30_000)} { __typename }`)],
  },
  {
    name: '15 introspections of all fields of all fields',
    expected: 'refused',
    bodies: () => [
      body(
        `{ ${times(15, (n) => `s${n}: __schema { types { fields { type { fields { args { name } name type { name kind } } } } } }`)} }`,
      ),
    ],
  },
  {
    name: '160 conditions',
    expected: 'either',
    bodies: () => [
      body(`query ($c: Boolean!) { ${times(160, () => '__typename @include(if: $c)')} }`, { c: true }),
    ],
  },
  {
    name: '120 fields of one name that do not merge',
    expected: 'refused',
    bodies: () => [body(`{ accounts { ${times(120, (n) => `nodes { a: ${n % 2 ? 'id' : 'vendor'} }`)} } }`)],
  },
  {
    name: '240 equal fields of one name',
    expected: 'refused',
    bodies: () => [body(`{ accounts { ${times(240, () => 'nodes { id }')} } }`)],
  },
  {
    name: '50 equal fields of one name, as many as are allowed',
    expected: 'answered',
    bodies: () => [body(`{ accounts { ${times(50, () => 'nodes { connection { state } }')} } }`)],
  },
  {
    name: '300 fields that do not exist, with long names',
    expected: 'refused',
    bodies: () => [body(`{ ${times(300, (n) => `${'x'.repeat(90)}${n}`)} }`)],
  },
  {
    name: 'an integer of 30,000 digits',
    expected: 'refused',
    bodies: () => [body(`{ accounts(first: ${'9'.repeat(30_000)}) { nodes { id } } }`)],
  },
  {
    name: 'a document of 30 kB of \\u escapes and emoji',
    expected: 'either',
    bodies: () => [body(`{ person(email: "${'\\u{1F600}'.repeat(3000)}") { email } }`)],
  },
];
