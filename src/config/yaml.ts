import { parseDocument } from 'yaml';
import type { ConfigMistake } from './interpolate';

/** What a YAML text says, as plain values; or the one mistake that keeps it from being read. */
export function readYaml(text: string): { readonly values: unknown } | { readonly mistake: ConfigMistake } {
  const document = parseDocument(text, { prettyErrors: false });
  const [broken] = document.errors;
  if (broken) {
    // Only the place and the kind: a parser's message may quote the line, and a line may hold a secret. Only the
    // first: the others follow from it.
    const line = text.slice(0, broken.pos[0]).split('\n').length;
    return { mistake: { path: `line ${line}`, problem: `is no YAML (${broken.code})` } };
  }
  try {
    return { values: document.toJS() as unknown };
  } catch {
    // Aliases that lead nowhere, or multiply without end.
    return { mistake: { path: '', problem: 'The file has aliases (*name) that cannot be followed.' } };
  }
}
