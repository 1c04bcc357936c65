import { QueryMistake } from '../../src/emulators/softwareone/problems';
import { compileFilter } from '../../src/emulators/softwareone/rql-filter';
import { parseRql } from '../../src/emulators/softwareone/rql-parser';
import type { Shape } from '../../src/emulators/softwareone/shape';

const shape: Shape = {
  id: { kind: 'text' },
  name: { kind: 'text' },
  alias: { kind: 'text' },
  size: { kind: 'number' },
  open: { kind: 'flag' },
  at: { kind: 'date' },
  icon: { kind: 'text', closed: true },
  owner: { kind: 'reference', fields: () => ({ email: { kind: 'text' } }) },
  groups: { kind: 'collection', fields: () => ({ id: { kind: 'text' }, name: { kind: 'text' } }) },
  audit: { kind: 'object', omitted: true, fields: () => ({ at: { kind: 'date' } }) },
};

const rows = [
  {
    id: 'A-1',
    name: 'Ann',
    alias: 'Ann',
    size: 1,
    open: true,
    at: '2026-01-01T00:00:00.000Z',
    groups: [{ id: 'G-1', name: 'x' }],
  },
  {
    id: 'A-2',
    name: "O'Neil, Bo (jr)",
    alias: '',
    size: 2,
    open: false,
    at: '2026-02-01T00:00:00.000Z',
    groups: [],
  },
  {
    id: 'A-3',
    name: 'ann "q" *',
    size: 3,
    at: '2026-03-01T00:00:00.000Z',
    owner: { email: 'a+b@x.example' },
    groups: [
      { id: 'G-1', name: 'y' },
      { id: 'G-2', name: 'y' },
    ],
  },
];

function found(text: string, selected: readonly string[] = []): string {
  const reach = { shape, isSelected: (name: string) => selected.includes(name), prefix: '' };
  const test = compileFilter(parseRql(text), reach);
  return rows
    .filter(test)
    .map(({ id }) => id.slice(2))
    .join('');
}

it.each([
  // Operators.
  ['eq(name,"Ann")', '1'],
  ['eq(name,"ann")', ''],
  ['EQ(name,"Ann")', '1'],
  ['ne(name,"Ann")', '23'],
  ['gt(size,1)', '23'],
  ['ge(size,2)', '23'],
  ['lt(size,"2")', '1'],
  ['le(size,2)', '12'],
  ['eq(open,true)', '1'],
  ['gt(at,2026-01-15T00:00:00.000Z)', '23'],
  ['eq(at,"2026-02-01T01:00:00.000+01:00")', '2'],
  ['in(id,("A-1","A-3"))', '13'],
  ['in(id,("A-1"))', '1'],
  ['in(id,"A-1")', '1'],
  ['in(id,A-1)', '1'],
  ['in(size,(1,2))', '12'],
  ['out(id,("A-1","A-3"))', '2'],
  ['out(owner.email,("a+b@x.example"))', '12'],
  ['not(eq(id,"A-1"))', '23'],
  ['and(ge(size,2),lt(size,3))', '2'],
  ['or(eq(size,1),eq(size,3))', '13'],
  // Constants.
  ['eq(owner.email,null())', '12'],
  ['ne(owner.email,null())', '3'],
  ['eq(alias,empty())', '2'],
  ['eq(alias,null())', '3'],
  ['eq(owner,null())', '12'],
  // Quotes of both kinds, with anything inside.
  [`eq(name,"O'Neil, Bo (jr)")`, '2'],
  [`eq(name,'ann "q" *')`, '3'],
  ['eq(name,"")', ''],
  ['eq(alias,"")', '2'],
  // Shorthand, joints, precedence, parentheses.
  ['name=Ann', '1'],
  ['size=2', '2'],
  ['alias=empty()', '2'],
  ['owner.email=null()', '12'],
  ['size=1,open=true', '1'],
  ['size=1&open=false', ''],
  ['size=1;size=3', '13'],
  ['size=1|size=2', '12'],
  ['size=1|size=2,open=true', '1'],
  ['size=2,open=false|size=3', '23'],
  ['(size=1|size=2),open=false', '2'],
  ['(((size=1)))', '1'],
  ['or(size=1,and(size=2,open=false))', '12'],
  [',size=1,', '1'],
  // like: stars at the ends only, equality without any.
  ['like(name,"Ann")', '1'],
  ['like(name,"An*")', '1'],
  ['like(name,"*nn")', '1'],
  ['like(name,"*nn*")', '13'],
  ['like(name,"A*n")', ''],
  ['ilike(name,"ann")', '1'],
  ['ilike(name,"ANN*")', '13'],
  ['like(name,"*q*")', '3'],
  ['like(name,"ann*\\*")', ''],
  ['like(name,"*\\*")', '3'],
  ['like(name,"*")', '123'],
  ['like(owner.email,"*@x.example")', '3'],
  // Collections.
  ['any(groups)', '13'],
  ['any(groups,id="G-2")', '3'],
  ['any(groups,id=G-2)', '3'],
  ['any(groups,and(id="G-1",name="y"))', '3'],
  ['all(groups,name="y")', '23'],
  ['not(any(groups))', '2'],
  // An unquoted word that names a property is that property.
  ['eq(name,alias)', '1'],
  ['eq(name,"alias")', ''],
  ['eq(name,self(alias))', '1'],
])('RQL emulation: %s', (text, expected) => {
  expect(found(text)).toBe(expected);
});

it.each([
  ['rql=eq(id,"A-1")', 'query', 'Invalid equals shortcut expression'],
  ['id=', 'query', 'Invalid equals shortcut expression'],
  ['=1', 'query', 'Invalid equals shortcut expression'],
  ['id=(a=b)', 'query', 'Invalid equals shortcut expression'],
  ['eq(id)', 'query', 'Binary expression must have 2 arguments'],
  ['eq(id,a,b)', 'query', 'Binary expression must have 2 arguments'],
  ['in(id)', 'query', 'Binary expression must have 2 arguments'],
  ['in(id,())', 'query', 'Value has to be a non empty array.'],
  ['in(id,(null()))', 'query', 'Null values are not supported.'],
  ['not(size=1,size=2)', 'query', 'Unary expression must have 1 argument'],
  ['all(groups)', 'query', "Collection expression 'all' has the wrong number of arguments"],
  ['any(name,id=1)', 'name', 'Collection property has incompatible type'],
  ['foo(id,1)', 'foo', 'Unknown expression group.'],
  ['state=1', 'state', 'Invalid property path.'],
  ['owner.phone=1', 'owner.phone', 'Invalid property path.'],
  ['owner.phone.prefix=1', 'owner.phone', 'Invalid property path.'],
  ['groups.id="G-1"', 'groups.id', 'Invalid property path.'],
  ['any(groups,size=1)', 'groups.size', 'Invalid property path.'],
  ['constructor=1', 'constructor', 'Invalid property path.'],
  ['icon="x"', 'icon', 'Filtering is not permitted.'],
  ['audit.at=2026-01-01', 'audit.at', 'Filtering is not permitted.'],
  ['gt(at,"soon")', 'query', "Cannot convert value: 'soon'."],
  ['size=two', 'query', "Cannot convert value: 'two'."],
  ['eq(owner,"x")', 'query', "Cannot convert value: 'x'."],
  ['eq(id,"A-1)', 'query', 'Unterminated quote.'],
  ["name=O'Neil", 'query', 'Unterminated quote.'],
  ['name="a"b', 'query', 'Text after a closing quote.'],
  ['eq(id,"A-1"', 'query', 'Missing closing parenthesis.'],
  ['eq(id,"A-1"))', 'query', 'Unexpected closing parenthesis.'],
  ['id', 'query', 'Unsupported expression.'],
  ['a,b', 'query', 'Unsupported expression.'],
  ['()', 'query', 'Empty expression.'],
])('RQL emulation refuses %s', (text, path, message) => {
  expect(() => found(text)).toThrow(new QueryMistake(path, message));
  expect(mistakeOf(text).path).toBe(path);
});

it('RQL emulation filters by audit only when audit is selected', () => {
  expect(found('eq(audit.at,null())', ['audit'])).toBe('123');
});

function mistakeOf(text: string): QueryMistake {
  try {
    found(text);
  } catch (error) {
    if (error instanceof QueryMistake) return error;
  }
  throw new Error(`${text} is no mistake`);
}
