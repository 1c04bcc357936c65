import { QueryMistake } from './problems';
import type { Field, Shape } from './shape';

/** What a `select` says of one field and of those below it. */
export interface Selection {
  /** Named with a plus or no sign: shown in full. */
  selected: boolean;
  /** Named with a minus. */
  excluded: boolean;
  /** `-*`: nothing below is shown unasked. */
  bare: boolean;
  readonly below: Map<string, Selection>;
}

const nothing = (): Selection => ({ selected: false, excluded: false, bare: false, below: new Map() });

/** Parses `+audit,-groups`, `-*,id,user.email`; a plus that was decoded to a space is still a plus. */
export function parseSelect(text: string, shape: Shape): Selection {
  const root = nothing();
  for (const part of text.split(',')) {
    if (part === '') continue;
    const signed = /^[+\- ]/.test(part);
    name(root, signed ? part.slice(1) : part, !part.startsWith('-'), shape);
  }
  return root;
}

function name(root: Selection, path: string, wanted: boolean, shape: Shape): void {
  let node = root;
  let below: Shape | undefined = shape;
  for (const segment of path.split('.')) {
    if (segment === '*') {
      node.bare = !wanted;
      if (wanted) node.selected = true;
      return;
    }
    const field: Field | undefined = below && Object.hasOwn(below, segment) ? below[segment] : undefined;
    if (!field) throw new QueryMistake(path, 'Invalid property path.');
    const next = node.below.get(segment) ?? nothing();
    node.below.set(segment, next);
    node = next;
    below = field.fields?.();
  }
  node.selected = wanted;
  node.excluded = !wanted;
}

/** Whether a field is shown in full or in part because it was asked for. */
export function isWanted(selection: Selection | undefined): boolean {
  if (!selection) return false;
  return selection.selected || [...selection.below.values()].some(isWanted);
}
