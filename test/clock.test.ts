import fc from 'fast-check';
import { normaliseInstant, parseInstant, toInstant } from '../src/clock';

describe('DateTime parsing', () => {
  it.each([
    ['in the schema’s form', '2026-03-01T09:30:00.125Z', '2026-03-01T09:30:00.125Z'],
    ['without milliseconds', '2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['with more than milliseconds', '2026-03-01T09:30:00.1239999Z', '2026-03-01T09:30:00.123Z'],
    ['of another zone', '2026-03-01T01:30:00+02:00', '2026-02-28T23:30:00.000Z'],
    ['of a leap day', '2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['of a day alone', '2026-03-31', '2026-03-31T00:00:00.000Z'],
  ])('accepts a value %s', (_what, text, shown) => {
    expect(normaliseInstant(text)).toBe(shown);
  });

  it.each([
    '',
    'soon',
    '2026-13-01T00:00:00Z',
    '2026-03-01T24:30:00Z',
    '2026-03-01T09:60:00Z',
    '20260301T093000Z',
  ])('rejects %j', (text) => {
    expect(normaliseInstant(text)).toBeNull();
  });

  it('gives the same result on the fast path and the general path', () => {
    const two = fc.integer({ min: 0, max: 99 }).map((number) => String(number).padStart(2, '0'));
    const text = fc
      .tuple(
        fc.constantFrom('2026', '2028', '0001'),
        two,
        two,
        two,
        two,
        two,
        fc.constantFrom('', '.5', '.125'),
      )
      .map(
        ([year, month, day, hour, minute, second, part]) =>
          `${year}-${month}-${day}T${hour}:${minute}:${second}${part}Z`,
      );
    const likely = fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((date) => date.toISOString());
    fc.assert(
      fc.property(fc.oneof(text, likely), (instant) => {
        const ms = parseInstant(instant);
        expect(normaliseInstant(instant)).toBe(ms === null ? null : toInstant(ms));
      }),
      { numRuns: 3000 },
    );
  });
});
