/** A secret that must not leak, and a name for it. */
export interface Canary {
  readonly what: string;
  readonly text: string;
}

/** A text that is searched for secrets, and a name for it. */
export interface SearchedText {
  readonly name: string;
  readonly text: string;
}

/** The leaks, as `secret in text`; finds escaped, base64-encoded and upper-case spellings too. */
export function findLeaks(canaries: readonly Canary[], places: readonly SearchedText[]): string[] {
  const found = new Set<string>();
  const prepared = canaries.flatMap(({ what, text }) =>
    spellings(text).map((spelling) => ({ what, spelling })),
  );
  for (const { name, text } of places) {
    const searched = text.toLowerCase();
    for (const { what, spelling } of prepared)
      if (searched.includes(spelling)) found.add(`${what} in ${name}`);
  }
  return [...found];
}

function spellings(text: string): string[] {
  if (text.length < 6) throw new Error(`too short to search for: ${text}`);
  // Base64 has three spellings of a text, by its offset; the first and last characters depend on the surrounding text.
  const packed = [0, 1, 2].map((before) =>
    Buffer.from('x'.repeat(before) + text)
      .toString('base64')
      .replace(/=*$/, '')
      .slice(before === 0 ? 0 : before + 1, -2),
  );
  const all = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...packed];
  return [...new Set(all.map((each) => each.toLowerCase()))];
}
