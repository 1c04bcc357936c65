import type { Answer, VendorRequest } from '../shell/vendor';
import { QueryMistake, refusingMistakes, type Problems } from './problems';
import { omittedFields, projection } from './project';
import { propertyAt } from './property';
import { compileFilter } from './rql-filter';
import { parseRql } from './rql-parser';
import { isWanted, parseSelect, type Selection } from './select';
import type { Row, Shape } from './shape';

/** A query string, taken apart: four named parameters, and the filter, which has no name. */
interface ListQuery {
  readonly filter: string;
  readonly select: string;
  readonly order: string;
  readonly limit: number;
  readonly offset: number;
}

/** More than 100 is cut to 100; without a limit the answer is large. */
const largestPage = 100;
const unlimited = 1000;

/** Answers a list: filtered, ordered, one page of it. */
export function listAnswer(
  problems: Problems,
  request: VendorRequest,
  all: readonly Row[],
  shape: Shape,
): Answer {
  return refusingMistakes(problems, () => {
    const { filter, select, order, limit, offset } = readQuery(request.query);
    const selection = parseSelect(select, shape);
    const reach = { shape, isSelected: selects(selection), prefix: '' };
    const found = filter === '' ? all : all.filter(compileFilter(parseRql(filter), reach));
    const sorted = order === '' ? found : sort(found, order, reach);
    const page = sorted.slice(offset, offset + limit);
    const omitted = [...new Set(page.flatMap((row) => omittedFields(row, shape, selection)))];
    const pagination = { offset, limit, total: found.length };
    const meta = omitted.length > 0 ? { pagination, omitted } : { pagination };
    return { status: 200, body: { $meta: meta, data: page.map(projection(shape, selection)) } };
  });
}

/** Answers one resource; `select` counts here too. */
export function rowAnswer(
  problems: Problems,
  request: VendorRequest,
  row: Row,
  shape: Shape,
  status = 200,
): Answer {
  return refusingMistakes(problems, () => {
    const selection = parseSelect(readQuery(request.query).select, shape);
    const omitted = omittedFields(row, shape, selection);
    const shown = projection(shape, selection)(row);
    return { status, body: omitted.length > 0 ? { ...shown, $meta: { omitted } } : shown };
  });
}

const selects = (selection: Selection) => (name: string) => isWanted(selection.below.get(name));

function readQuery(query: string): ListQuery {
  const named = new Map<string, string>();
  const filter: string[] = [];
  for (const piece of query.split('&')) {
    const [, key, value] = /^(limit|offset|select|order)=(.*)$/is.exec(piece) ?? [];
    if (key !== undefined && value !== undefined) named.set(key.toLowerCase(), decode(value));
    else if (piece !== '') filter.push(piece);
  }
  return {
    filter: decode(filter.join('&')),
    select: named.get('select') ?? '',
    order: named.get('order') ?? '',
    limit: Math.min(count(named, 'limit', unlimited), named.has('limit') ? largestPage : unlimited),
    offset: count(named, 'offset', 0),
  };
}

/** What the platform says to a limit that is no number is unknown. */
function count(named: ReadonlyMap<string, string>, name: string, unset: number): number {
  const text = named.get(name);
  if (text === undefined) return unset;
  if (!/^\d{1,9}$/.test(text)) throw new QueryMistake(name, `The value '${text}' is not valid.`);
  return Number(text);
}

/** A plus is a space here, as in any form-encoded query: an address with a plus-tag has to be encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new QueryMistake('query', 'Malformed percent-encoding.');
  }
}

function sort(rows: readonly Row[], order: string, reach: Parameters<typeof propertyAt>[0]): readonly Row[] {
  const keys = order.split(',').map((part) => {
    const path = part.replace(/^[+\- ]/, '');
    const { read } = propertyAt(reach, path, 'Ordering is not permitted.');
    return { read, sign: part.startsWith('-') ? -1 : 1 };
  });
  const keyed = rows.map((row) => ({ row, values: keys.map(({ read }) => sortable(read(row))) }));
  keyed.sort((one, other) => {
    for (const [index, { sign }] of keys.entries()) {
      const left = one.values[index] ?? '';
      const right = other.values[index] ?? '';
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

/** Missing values come first. */
const sortable = (value: unknown) =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
