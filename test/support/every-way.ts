/** A GraphQL request, as its body has it. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

let texts = 0;

/**
 * Sends one operation by every way that there is through an app: as a text that has never come, twice more as the same text,
 * through Apollo Server though it is known, and traced, which graphql-js executes over resolvers that Apollo has wrapped.
 *
 * @returns The bodies by way, byte for byte but for `comparable`.
 */
export async function askEveryWay(url: string, operation: Operation): Promise<Record<string, string>> {
  // A comment at the end moves no place in the text.
  const known = { ...operation, query: `${operation.query}\n# ${++texts}` };
  return {
    first: await askOnce(url, known),
    second: await askOnce(url, known),
    third: await askOnce(url, known),
    'through Apollo Server': await askOnce(url, { ...known, extensions: {} }),
    'traced, by graphql-js': await askOnce(url, known, { 'apollo-federation-include-trace': 'ftv1' }),
  };
}

/** Sends an operation; resolves with the status and the comparable body. */
export async function askOnce(
  url: string,
  body: Operation & { readonly extensions?: object },
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return `${response.status} ${comparable(await response.text())}`;
}

/** An answer without what differs between two equal ones: a correlation id, when it was read, and a trace. */
export const comparable = (body: string): string =>
  body
    .trimEnd()
    .replace(/"correlationId":"[^"]*"/g, '"correlationId":"…"')
    .replace(/"asOf":"[^"]*"/g, '"asOf":"…"')
    .replace(/,"extensions":\{"ftv1":"[^"]*"\}\}$/, '}');
