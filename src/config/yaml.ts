import { type Alias, type Document, parseDocument, visit } from 'yaml';
import type { ConfigMistake } from './interpolate';

/** What a YAML text says, as plain values; or the one mistake that keeps it from being read. */
export function readYaml(text: string): { readonly values: unknown } | { readonly mistake: ConfigMistake } {
  const at = (offset: number): string => `line ${text.slice(0, offset).split('\n').length}`;
  try {
    const document = parseDocument(text, { prettyErrors: false });
    const [broken] = [...document.errors, ...document.warnings];
    // Only the place and the kind: a parser's message may quote the line, and a line may hold a secret. Only the first: the
    // others follow from it.
    if (broken)
      return {
        mistake: {
          path: at(broken.pos[0]),
          problem: `${PROBLEMS[broken.code] ?? 'is not YAML'} (${broken.code})`,
        },
      };
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

/** The parser's codes, in words: its own messages may quote the line, and a line may hold a secret. */
const PROBLEMS: Readonly<Partial<Record<string, string>>> = {
  BAD_INDENT: 'is indented differently from the lines around it, or a bracket before it is not closed',
  TAB_AS_INDENT: 'is indented with a tab; YAML takes spaces alone',
  DUPLICATE_KEY: 'repeats a key of the same section',
  MISSING_CHAR: 'misses a closing quote or bracket, a comma, or the space after a colon',
  UNEXPECTED_TOKEN:
    'has a sign that does not belong there; text with signs such as : # { [ & * ! needs quotes',
  BAD_SCALAR_START: 'has text that begins with @ or `; put it in quotes',
  BAD_DQ_ESCAPE: 'has a backslash in double quotes that means nothing; use single quotes',
  BAD_ALIAS: 'has an alias (*name) that is not written correctly; put text that begins with * in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'has a second colon, or the next line is indented too far; put text with a colon in quotes',
  BLOCK_IN_FLOW: 'has an indented block within brackets or braces',
  MULTILINE_IMPLICIT_KEY: 'has no colon after its key, or the line before it goes on',
  MULTIPLE_DOCS: 'begins a second document (---); a file holds one',
  TAG_RESOLVE_FAILED: 'has a tag (!name) that means nothing here; put text that begins with ! in quotes',
  RESOURCE_EXHAUSTION: 'is nested too deeply',
};
