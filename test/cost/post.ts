/** A request that takes longer is not waited for. */
const PATIENCE_MS = 30_000;

/** One request: its status and the code of its first error, or that nothing came. */
export async function post(
  url: string,
  token: string | null,
  body: string,
): Promise<{ status: string; bytes: number }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const code =
      /"code":"(\w+)"/.exec(text.slice(0, 4096))?.[1] ?? (text.startsWith('{"errors"') ? 'errors' : 'ok');
    return { status: `${response.status} ${code}`, bytes: text.length };
  } catch {
    return { status: 'no answer', bytes: 0 };
  }
}
