/**
 * `*` counts as the first and the last character only; without one, `like` is equality, whatever the platform's
 * manual says of substrings. `\*` is a literal star at either end.
 */
export function likeTest(pattern: string, ignoreCase: boolean): (value: string) => boolean {
  const fold = ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text;
  const startsOpen = pattern.startsWith('*');
  const endsOpen = pattern.endsWith('*') && !pattern.endsWith('\\*') && !(startsOpen && pattern.length === 1);
  let literal = pattern.slice(startsOpen ? 1 : 0, endsOpen ? -1 : undefined);
  if (literal.startsWith('\\*') && !startsOpen) literal = literal.slice(1);
  if (literal.endsWith('\\*')) literal = `${literal.slice(0, -2)}*`;
  const wanted = fold(literal);
  if (startsOpen && endsOpen) return (value) => fold(value).includes(wanted);
  if (startsOpen) return (value) => fold(value).endsWith(wanted);
  if (endsOpen) return (value) => fold(value).startsWith(wanted);
  return (value) => fold(value) === wanted;
}
