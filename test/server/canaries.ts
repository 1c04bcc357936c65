/** A text that must not be found, and what it is. */
export interface Canary {
  readonly what: string;
  readonly text: string;
}

/** A place that is searched. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** Where canaries are found, as `what in place`; also where they are escaped, packed in base64 or written in capitals. */
export function hits(canaries: readonly Canary[], places: readonly Place[]): string[] {
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
  if (text.length < 6) throw new Error(`too short to be searched for: ${text}`);
  // Packed in base64, a text has one of three forms, by what stands before it; its ends depend on its neighbours.
  const packed = [0, 1, 2].map((before) =>
    Buffer.from('x'.repeat(before) + text)
      .toString('base64')
      .replace(/=*$/, '')
      .slice(before === 0 ? 0 : before + 1, -2),
  );
  const all = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...packed];
  return [...new Set(all.map((each) => each.toLowerCase()))];
}
