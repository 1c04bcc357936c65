import { request } from 'undici';
import { isObject, type JsonObject } from '../../src/emulators/shell/json';
import type { DemoAccount, Emulators } from '../../src/emulators/start';

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Parsed, or null where the body is no JSON. */
  readonly json: unknown;
}

/** Calls one account at its vendor, with its own credential. */
export interface VendorClient {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  readonly account: DemoAccount;
}

/** One real HTTP request. */
export async function send(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  const answer = await request(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.body.text();
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Not every answer is JSON; `text` has it.
  }
  return { status: answer.statusCode, headers: answer.headers, text, json };
}

/** A client of one configured account; Ecwid paths start below the store. */
export function clientOf(emulators: Emulators, key: string): VendorClient {
  const account = emulators.accounts.find((one) => one.key === key);
  if (!account) throw new Error(`no account ${key}`);
  const { baseUrl } = emulators[account.vendor];
  const base = account.vendor === 'ecwid' ? `${baseUrl}/${account.storeId}` : baseUrl;
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const text = body === undefined ? undefined : JSON.stringify(body);
    return send(method, `${base}${path}`, { ...credential(account), ...type, ...headers }, text);
  };
  return Object.assign(call, { account });
}

/** The headers that open an account. */
export function credential(account: DemoAccount): Record<string, string> {
  if (account.vendor !== 'wix') return { authorization: `Bearer ${account.token}` };
  return { authorization: account.apiKey, 'wix-site-id': account.siteId };
}

/** What stands at a dotted path of a parsed body; undefined where nothing does. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    if (Array.isArray(inner)) return inner[Number(name)] as unknown;
    return isObject(inner) ? inner[name] : undefined;
  }, value);
}

/** The text at a path; not being any fails the test. */
export function text(value: unknown, path: string): string {
  const found = at(value, path);
  if (typeof found !== 'string') throw new Error(`no text at ${path}`);
  return found;
}

/** The names of the fields at a path, in their order. */
export function keys(value: unknown, path: string): readonly string[] {
  const found = at(value, path);
  return isObject(found) ? Object.keys(found) : [];
}

/** The list at a path; not being one fails the test. */
export function rows(value: unknown, path: string): readonly JsonObject[] {
  const found = at(value, path);
  if (!Array.isArray(found) || !found.every(isObject)) throw new Error(`no list of objects at ${path}`);
  return found;
}
