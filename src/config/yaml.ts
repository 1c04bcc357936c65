import { type Alias, type Document, parseDocument, visit } from 'yaml';
import type { ConfigMistake } from './interpolate';

/** What a YAML text says, as plain values; or the one mistake that keeps it from being read. */
export function readYaml(text: string): { readonly values: unknown } | { readonly mistake: ConfigMistake } {
  const at = (offset: number): string => `line ${text.slice(0, offset).split('\n').length}`;
  try {
    const document = parseDocument(text, { prettyErrors: false });
    const [broken] = document.errors;
    // Only the place and the kind: a parser's message may quote the line, and a line may hold a secret. Only the first: the
    // others follow from it.
    if (broken) return { mistake: { path: at(broken.pos[0]), problem: `is no YAML (${broken.code})` } };
    const endless = findEndlessAlias(document);
    if (endless)
      return {
        mistake: { path: at(endless.range?.[0] ?? 0), problem: 'has an alias (*name) within what it names' },
      };
    try {
      return { values: document.toJS() as unknown };
    } catch {
      // Aliases that lead nowhere, or multiply beyond what the parser follows.
      const alias = lastAlias(document);
      const place = alias ? { path: at(alias.range?.[0] ?? 0) } : { path: '' };
      return { mistake: { ...place, problem: 'has an alias (*name) that cannot be followed' } };
    }
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError)
      return { mistake: { path: '', problem: 'The file is nested too deeply.' } };
    throw error;
  }
}

/** An alias that stands within the node that it names: following it would never end. */
function findEndlessAlias(document: Document.Parsed): Alias | null {
  let found: Alias | null = null;
  visit(document, {
    Alias: (_key, alias, path) => {
      const named = alias.resolve(document);
      if (named === undefined || !path.includes(named)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

function lastAlias(document: Document.Parsed): Alias | null {
  let last: Alias | null = null;
  visit(document, {
    Alias: (_key, alias) => {
      last = alias;
    },
  });
  return last;
}
