import { parseResponseFields, pickFields } from '../../src/emulators/ecwid/response-fields';
import { Refused } from '../../src/emulators/shell/vendor';

const value = {
  total: 2,
  items: [
    { id: 1, sku: 'a', options: [{ name: 'x', type: 't' }] },
    { id: 2, sku: 'b', options: [] },
  ],
  settings: { name: 'n', closed: false },
};
const pick = (text: string) => pickFields(value, parseResponseFields(text));

it.each([
  ['', value],
  ['total', { total: 2 }],
  ['settings', { settings: value.settings }],
  ['total,settings(name)', { total: 2, settings: { name: 'n' } }],
  ['items(id)', { items: [{ id: 1 }, { id: 2 }] }],
  [
    'items(id,options(name))',
    {
      items: [
        { id: 1, options: [{ name: 'x' }] },
        { id: 2, options: [] },
      ],
    },
  ],
  ['items(id),settings(closed)', { items: [{ id: 1 }, { id: 2 }], settings: { closed: false } }],
  // A field named twice: the whole wins, parts add up.
  ['settings,settings(name)', { settings: value.settings }],
  ['settings(name),settings', { settings: value.settings }],
  ['settings(name),settings(closed)', { settings: { name: 'n', closed: false } }],
  // Unknown names are passed over.
  ['nothing', {}],
  ['settings(nothing)', { settings: {} }],
  ['constructor,toString', {}],
  // A part asked of a plain value is the value.
  ['total(x)', { total: 2 }],
])('response field selection: %s', (text, expected) => {
  expect(pick(text)).toEqual(expected);
});

it.each([
  '(',
  ')',
  'a(',
  'a()',
  'a)',
  'a(b',
  'a,',
  ',a',
  'a b',
  'a, b',
  'a(b))',
  '-a',
  '*',
  'a.b',
  'a'.padEnd(200, '(a'),
])('response field selection refuses %s', (text) => {
  expect(() => pick(text)).toThrow(Refused);
});
