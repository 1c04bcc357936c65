import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';

/** In place of a login: a key set that Rollcall is told to believe, and tokens signed with its private half. */
export interface Identity {
  readonly keySet: JSONWebKeySet;
  /** A token for someone of tenant acme, good for a day. */
  token(scope: string): Promise<string>;
}

/** Makes a new key; nothing of it is kept. */
export async function createIdentity(): Promise<Identity> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const header = { alg: 'ES256', kid: 'example' };
  return {
    keySet: { keys: [{ ...(await exportJWK(publicKey)), ...header, use: 'sig' }] },
    token: (scope) =>
      new SignJWT({ tenant: 'acme', scope })
        .setProtectedHeader(header)
        .setIssuer('https://login.example.com/')
        .setAudience('rollcall')
        .setSubject('ada')
        .setIssuedAt()
        .setExpirationTime('1 day')
        .sign(privateKey),
  };
}
