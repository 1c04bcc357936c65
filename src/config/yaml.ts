import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { ConfigMistake } from './interpolate';

/** The parser's codes, in words: its own messages may quote the line, and a line may hold a secret. */
const PROBLEMS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
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

/** What a YAML text says, as plain values; or the one mistake that keeps it from being read. */
export function readYaml(text: string): { readonly values: unknown } | { readonly mistake: ConfigMistake } {
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines });
  // Only the first: the others follow from it. An unknown tag is a warning, and would change a value in silence.
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) {
    const { line } = lines.linePos(broken.pos[0]);
    const problem = PROBLEMS[broken.code] ?? 'is not YAML';
    return { mistake: { path: `line ${line}`, problem: `${problem} (${broken.code})` } };
  }
  try {
    return { values: document.toJS() as unknown };
  } catch {
    return { mistake: { path: '', problem: 'The file has aliases (*name) that cannot be followed.' } };
  }
}
