const KEY = 'rollcall-token';

/** The token of this tab, which alone remembers it; empty where none was given. */
export const readToken = () => sessionStorage.getItem(KEY) ?? '';

export const keepToken = (token) => sessionStorage.setItem(KEY, token);

/** A request's options with the token put on, unless they carry one themselves. */
export function withToken(options = {}) {
  const headers = new Headers(options.headers);
  if (readToken() && !headers.has('authorization')) headers.set('authorization', `Bearer ${readToken()}`);
  return { ...options, headers };
}
