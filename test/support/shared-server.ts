/**
 * The address of a server that all test files share; starts it if this file is the first to ask. Undefined where nothing
 * is shared, because not jest but another program runs this. Rejects where the server cannot be started.
 */
export async function sharedServer(name: 'postgres' | 'chromium'): Promise<string | undefined> {
  const servers = process.env['ROLLCALL_TEST_SERVERS'];
  if (servers === undefined) return undefined;
  const response = await fetch(`${servers}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
