/** What the codes of failed connections mean, as the end of a sentence about an address. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its host and port',
  ECONNRESET: 'the connection was closed from the other side',
  EPIPE: 'the connection was closed from the other side',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name cannot be looked up: the name service does not answer',
  ETIMEDOUT: 'its host does not answer',
  TIMEOUT: 'it does not answer in time',
  EHOSTUNREACH: 'its host cannot be reached',
  EHOSTDOWN: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  EADDRNOTAVAIL: 'its address cannot be reached from this machine',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  UND_ERR_CONNECT_TIMEOUT: 'its host does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer in time',
  UND_ERR_SOCKET: 'the connection was closed from the other side',
};

const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET_ISSUER))/;

/** Why a connection failed, without a word of the error's own text; null where its code does not say. */
export function explainNetworkError(error: unknown): string | null {
  const code = codeOf(error);
  if (code === null) return null;
  const reason = UNTRUSTED.test(code)
    ? 'its certificate is not signed by an authority that this machine trusts'
    : REASONS[code];
  return reason === undefined ? null : `${reason} (${code})`;
}

/** The code of an error, of its cause, or of the first of several: a name with two addresses fails twice. */
export function codeOf(error: unknown): string | null {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code)) return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause === undefined || cause === error ? null : codeOf(cause);
}
