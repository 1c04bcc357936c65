import fc from 'fast-check';
import { likeTest } from '../../../src/emulators/softwareone/rql-like';
import { parseRql, type Rql as Parsed } from '../../../src/emulators/softwareone/rql-parser';
import {
  and,
  contains,
  eq,
  equalsText,
  isIn,
  ne,
  notIn,
  or,
  type Rql,
} from '../../../src/vendors/softwareone/rql';

/** What the vendor reads: the query string is cut at `&`, decoded with a plus for a space, and parsed. */
function readBack(rql: Rql): Parsed {
  const pieces = `select=-*,id&${rql}&limit=5`.split('&');
  expect(pieces).toHaveLength(3);
  return parseRql(decodeURIComponent((pieces[1] ?? '').replaceAll('+', ' ')));
}

const word = (text: string, quoted = true): Parsed => ({ kind: 'word', text, quoted });
const compared = (operator: 'eq' | 'ne', value: string): Parsed => ({
  kind: 'compare',
  operator,
  left: word('user.email', false),
  right: word(value),
});

/** The pattern of a text comparison, as the vendor reads it. */
function patternOf(rql: Rql): string {
  const parsed = readBack(rql);
  if (
    parsed.kind !== 'compare' ||
    parsed.operator !== 'ilike' ||
    parsed.right.kind !== 'word' ||
    !parsed.right.quoted
  )
    throw new Error(`not a text comparison: ${rql}`);
  return parsed.right.text;
}

const HOSTILE = [
  ...[
    '',
    ' ',
    'a',
    '"',
    "'",
    `"'`,
    '\\',
    '*',
    '\\*',
    '**',
    'a*b',
    '*a',
    'a*',
    '%',
    '%22',
    '%00',
    '+',
    'a+b@x.example',
  ],
  ...[
    '&',
    '&limit=1000',
    '#',
    '?',
    '=',
    ',',
    ';',
    '|',
    '(',
    ')',
    '))',
    'null()',
    'self()',
    'empty()',
    'user.name',
  ],
  ...[
    '"),or(eq(id,"x',
    "'),or(eq(id,'x",
    'x)&limit=0&eq(id,"y"',
    '\u0000',
    '\r\n',
    '\t',
    '\u2028',
    'é',
    'e\u0301',
  ],
  ...[
    '🍵',
    '\ud83c',
    '\udf75',
    'a\ud83cb',
    '田中',
    '\u202e',
    'ÿ',
    'İ',
    'ß',
    '__proto__',
    "d'arcy",
    'Robert "Bobby"',
  ],
];
const value = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join('')),
);

describe('RQL injection: a value', () => {
  it.each([
    ['plain', 'ACC-4821-7730', 'eq(user.email,%22ACC-4821-7730%22)'],
    ['with a space', 'a b', 'eq(user.email,%22a%20b%22)'],
    ['with a plus, which would be a space', 'a+b', 'eq(user.email,%22a%2Bb%22)'],
    ['with what separates', 'a&b=c,d;e|f', 'eq(user.email,%22a%26b%3Dc%2Cd%3Be%7Cf%22)'],
    ['with parentheses', '(a)', 'eq(user.email,%22%28a%29%22)'],
    ['with double quotes, in single ones', 'a"b', "eq(user.email,'a%22b')"],
    ['with single quotes, in double ones', "d'arcy", "eq(user.email,%22d'arcy%22)"],
    ['beyond ASCII', '田', 'eq(user.email,%22%E7%94%B0%22)'],
  ])('%s is quoted and encoded', (_what, text, rql) => {
    expect(eq('user.email', text)).toBe(rql);
  });

  it.each([
    ['both quotes', `"'`],
    ['a backslash', 'a\\'],
    ['NUL', '\u0000'],
    ['a line break', 'a\r\nb'],
    ['half a surrogate pair', 'a\ud83c'],
  ])('with %s cannot be expressed, and is filtered in memory', (_what, text) => {
    expect(eq('user.email', text)).toBeNull();
    expect(ne('user.email', text)).toBeNull();
    expect(equalsText('user.email', text)).toBeNull();
    expect(contains('user.email', text)).toBeNull();
    expect(isIn('id', ['fine', text])).toBeNull();
  });

  it('of any content round-trips, or cannot be expressed', () => {
    fc.assert(
      fc.property(value, (text) => {
        for (const [operator, build] of [['eq', eq] as const, ['ne', ne] as const]) {
          const rql = build('user.email', text);
          expect(rql === null ? null : readBack(rql)).toEqual(rql === null ? null : compared(operator, text));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('in a list of any content round-trips, or the list cannot be expressed', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (texts) => {
        for (const [kind, build] of [['in', isIn] as const, ['out', notIn] as const]) {
          const rql = build('id', texts);
          const items = texts.map((text) => word(text));
          expect(rql === null ? null : readBack(rql)).toEqual(
            rql === null ? null : { kind, left: word('id', false), items },
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never adds another part to the query string', () => {
    fc.assert(
      fc.property(value, (text) => {
        for (const rql of [
          eq('user.email', text),
          contains('user.name', text),
          equalsText('user.email', text),
        ])
          expect(rql ?? '').toMatch(/^[A-Za-z0-9._~!'()*,%-]*$/);
      }),
    );
  });
});

describe('RQL text comparison', () => {
  const near = (text: string) =>
    fc.oneof(
      fc.constant(text),
      fc.constant(text.toUpperCase()),
      fc.constant(`x${text}`),
      fc.constant(`${text}x`),
      fc.constant(text.replaceAll('*', '')),
      fc.constant(text.replaceAll('*', 'xyz')),
      fc.constant(text.replaceAll('*', String.raw`\*`)),
      value,
    );
  const pair = value.chain((text) => fc.tuple(fc.constant(text), near(text)));

  it('of a whole text finds exactly that text in any case, with literal stars', () => {
    fc.assert(
      fc.property(pair, ([text, stored]) => {
        const rql = equalsText('user.email', text);
        const found = rql === null ? null : likeTest(patternOf(rql), true)(stored);
        expect(found ?? stored.toLowerCase() === text.toLowerCase()).toBe(
          stored.toLowerCase() === text.toLowerCase(),
        );
      }),
      { numRuns: 500, examples: [[['a*b', 'a*b']], [['*a', '*a']], [['a*', 'a*']], [['*', 'a']]] },
    );
  });

  it('of a part finds every text that contains it, with literal stars', () => {
    fc.assert(
      fc.property(pair, ([text, stored]) => {
        const rql = contains('user.name', text);
        const found = rql === null ? null : likeTest(patternOf(rql), true)(stored);
        const wanted = stored.toLowerCase().includes(text.toLowerCase());
        expect(found ?? wanted).toBe(wanted);
      }),
      { numRuns: 500, examples: [[['a*b', 'xa*bx']], [['*a', 'x*ax']], [['a*', 'xa*x']], [['*', 'a']]] },
    );
  });
});

describe('RQL composition', () => {
  const one = eq('id', 'a');
  const other = eq('id', 'b');

  it('joins parts, and drops those that cannot be expressed from an and', () => {
    expect(and(one, null, other)).toBe('and(eq(id,%22a%22),eq(id,%22b%22))');
    expect(and(null, one)).toBe(one);
    expect(and(null, null)).toBeNull();
    expect(and()).toBeNull();
  });

  it('expresses all parts of an or, or none', () => {
    expect(or(one, other)).toBe('or(eq(id,%22a%22),eq(id,%22b%22))');
    expect(or(one)).toBe(one);
    expect(or(one, null)).toBeNull();
    expect(or()).toBeNull();
  });

  it('cannot express an empty list: RQL refuses it', () => {
    expect(isIn('id', [])).toBeNull();
    expect(notIn('id', [])).toBeNull();
  });
});
