import { QueryMistake } from './problems';

/** A word with its quotes taken off, or one of the marks. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: '(' | ')' | '=' | 'and' | 'or' };

const marks: Readonly<Record<string, Exclude<Token['kind'], 'word'>>> = {
  '(': '(',
  ')': ')',
  '=': '=',
  ',': 'and',
  '&': 'and',
  ';': 'or',
  '|': 'or',
};

/** Cuts a decoded RQL text into words and marks; inside quotes of either kind no mark counts. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let word = '';
  let quoted = false;
  const endWord = () => {
    if (word !== '' || quoted) tokens.push({ kind: 'word', text: word, quoted });
    word = '';
    quoted = false;
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"' || sign === "'") {
      const end = text.indexOf(sign, at + 1);
      // The platform reads on to the end of the text; refusing is the strict reading, and shows bad quoting.
      if (end < 0) throw new QueryMistake('query', 'Unterminated quote.');
      if (word !== '') throw new QueryMistake('query', 'Quote inside a word.');
      word = text.slice(at + 1, end);
      quoted = true;
      at = end;
      continue;
    }
    const mark = marks[sign];
    if (mark === undefined) {
      if (quoted) throw new QueryMistake('query', 'Text after a closing quote.');
      word += sign;
      continue;
    }
    endWord();
    tokens.push({ kind: mark });
  }
  endWord();
  return tokens;
}
