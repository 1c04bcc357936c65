import { QueryMistake } from './problems';
import { tokenize, type Token } from './rql-tokens';

/** Operators that compare a property with one value. */
export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'like' | 'ilike';

/** A parsed RQL expression. */
export type Rql =
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'null' | 'empty' }
  | { readonly kind: 'self'; readonly path: string }
  | { readonly kind: 'and' | 'or' | 'list'; readonly items: readonly Rql[] }
  | { readonly kind: 'not'; readonly inner: Rql }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Rql; readonly right: Rql }
  | { readonly kind: 'in' | 'out'; readonly left: Rql; readonly items: readonly Rql[] }
  | { readonly kind: 'any' | 'all'; readonly left: Rql; readonly inner: Rql | null };

interface Item {
  readonly joint: 'and' | 'or' | null;
  readonly rql: Rql;
}

const comparisons: readonly string[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'ilike'];
const isComparison = (name: string): name is Comparison => comparisons.includes(name);

/** Parses a decoded filter; `,` and `&` bind tighter than `;` and `|`, and function names have no case. */
export function parseRql(text: string): Rql {
  const tokens = tokenize(text);
  let at = 0;

  /** Everything up to the closing parenthesis or the end; empty places are passed over. */
  function items(): Item[] {
    const found: Item[] = [];
    let joint: Item['joint'] = null;
    for (let token = tokens[at]; token && token.kind !== ')'; token = tokens[at]) {
      if (token.kind === 'and' || token.kind === 'or') {
        joint = token.kind;
        at += 1;
        continue;
      }
      found.push({ joint, rql: term(token) });
    }
    return found;
  }

  function term(token: Token): Rql {
    const left = operand(token);
    if (tokens[at]?.kind !== '=') return left;
    at += 1;
    const next = tokens[at];
    const right = next && (next.kind === 'word' || next.kind === '(') ? operand(next) : null;
    if (right === null || !isArgument(right))
      throw new QueryMistake('query', 'Invalid equals shortcut expression');
    return { kind: 'compare', operator: 'eq', left, right };
  }

  function operand(token: Token): Rql {
    if (token.kind === '(') return reduce(group());
    if (token.kind !== 'word') throw new QueryMistake('query', 'Invalid equals shortcut expression');
    at += 1;
    if (token.quoted || tokens[at]?.kind !== '(') return token;
    return call(token.text.toLowerCase(), group());
  }

  function group(): Item[] {
    at += 1;
    const inside = items();
    // The platform lets a missing parenthesis pass; refusing is the strict reading.
    if (tokens[at]?.kind !== ')') throw new QueryMistake('query', 'Missing closing parenthesis.');
    at += 1;
    return inside;
  }

  const found = items();
  if (at < tokens.length) throw new QueryMistake('query', 'Unexpected closing parenthesis.');
  return reduce(found);
}

const isArgument = ({ kind }: Rql) =>
  kind === 'word' || kind === 'null' || kind === 'empty' || kind === 'self';

/** Folds a list by precedence; a list of bare words is a list of values. */
function reduce(found: readonly Item[]): Rql {
  if (found.length > 0 && found.every(({ rql }) => isArgument(rql))) {
    const [only] = found;
    return found.length === 1 && only ? only.rql : { kind: 'list', items: found.map(({ rql }) => rql) };
  }
  const alternatives: Rql[][] = [];
  for (const { joint, rql } of found) {
    const last = alternatives.at(-1);
    if (joint === 'or' || !last) alternatives.push([rql]);
    else last.push(rql);
  }
  return one(
    'or',
    alternatives.map((all) => one('and', all)),
  );
}

function one(kind: 'and' | 'or', items: readonly Rql[]): Rql {
  const [only] = items;
  return items.length === 1 && only ? only : { kind, items };
}

function call(name: string, found: readonly Item[]): Rql {
  const args = found.map(({ rql }) => rql);
  const [first, second] = args;
  if (name === 'and' || name === 'or') return { kind: name, items: args };
  if (name === 'not') {
    if (args.length !== 1 || !first) throw new QueryMistake('query', 'Unary expression must have 1 argument');
    return { kind: 'not', inner: first };
  }
  if (name === 'null' || name === 'empty') return { kind: name };
  if (name === 'self') return { kind: 'self', path: first?.kind === 'word' ? first.text : '' };
  if (isComparison(name)) {
    const [left, right] = pair(args);
    return { kind: 'compare', operator: name, left, right };
  }
  if (name === 'in' || name === 'out') {
    const [left, right] = pair(args);
    return { kind: name, left, items: values(right) };
  }
  if (name === 'any' || name === 'all') {
    if (!first || args.length > 2 || (name === 'all' && !second)) {
      throw new QueryMistake('query', `Collection expression '${name}' has the wrong number of arguments`);
    }
    return { kind: name, left: first, inner: second ?? null };
  }
  throw new QueryMistake(name, 'Unknown expression group.');
}

function pair(args: readonly Rql[]): [Rql, Rql] {
  const [left, right, ...rest] = args;
  if (!left || !right || rest.length > 0)
    throw new QueryMistake('query', 'Binary expression must have 2 arguments');
  return [left, right];
}

/** `(A)` and a bare `A` are lists of one. */
function values(right: Rql): readonly Rql[] {
  if (isArgument(right)) return [right];
  if ((right.kind === 'list' || right.kind === 'and' || right.kind === 'or') && right.items.length > 0) {
    return right.items;
  }
  throw new QueryMistake('query', 'Value has to be a non empty array.');
}
