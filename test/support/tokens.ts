import { createHmac } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

/** Whose tokens the app under test believes, and for whom they must be. */
export const ISSUER = 'https://login.example.com/';
export const AUDIENCE = 'rollcall';

/** Every scope there is. */
export const ALL_SCOPES = 'staff:read invites:send invites:reveal';

export type Claims = Readonly<Record<string, unknown>>;

/** A pair of keys, and what is signed with it. */
export interface Signer {
  /** The public key as it stands in a key set. */
  readonly jwk: JWK;
  readonly pem: string;
  /** A token with good claims, over which `claims` stand; a claim that is undefined is left out. */
  sign(claims?: Claims, header?: Claims): Promise<string>;
}

/** Seconds since 1970, `offset` seconds from now: tokens live in real time. */
export const seconds = (offset = 0): number => Math.floor(Date.now() / 1000) + offset;

/** The claims of a token that may do everything in tenant acme. */
export const goodClaims = (): Claims => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ada',
  tenant: 'acme',
  scope: ALL_SCOPES,
  iat: seconds(),
  exp: seconds(600),
});

/** Makes a key pair under a name of its own. */
export async function createSigner(kid: string, alg: 'ES256' | 'RS256' = 'ES256'): Promise<Signer> {
  const { publicKey, privateKey }: { publicKey: CryptoKey; privateKey: CryptoKey } = await generateKeyPair(
    alg,
    { extractable: true },
  );
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    pem: await exportSPKI(publicKey),
    sign: (claims = {}, header = {}) =>
      new SignJWT(present({ ...goodClaims(), ...claims }))
        .setProtectedHeader({ alg, kid, ...header })
        .sign(privateKey),
  };
}

const present = (claims: Claims): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** A token whose every part is as given: `payload` may be any text, `sign` any signature. */
export function forge(
  header: object,
  payload: object | string,
  sign: (text: string) => string = () => '',
): string {
  const content = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const text = `${encode(JSON.stringify(header))}.${encode(content)}`;
  return `${text}.${sign(text)}`;
}

/** Signs as who takes a public key for a shared secret. */
export const hmac =
  (secret: string) =>
  (text: string): string =>
    createHmac('sha256', secret).update(text).digest('base64url');

/** An endpoint that serves a key set, and counts how often it is asked. */
export interface KeyServer {
  readonly uri: string;
  readonly asked: () => number;
  /** What it serves from now on; null lets it fail. */
  serve(signers: readonly Signer[] | null): void;
  /** How it answers from now on, whatever that is. */
  answer(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Starts an endpoint for the public keys of some signers. */
export async function startKeyServer(first: readonly Signer[] | null): Promise<KeyServer> {
  const serving =
    (signers: readonly Signer[] | null): RequestListener =>
    (_request, response) => {
      response.writeHead(signers ? 200 : 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify(signers ? { keys: signers.map(({ jwk }) => jwk) } : {}));
    };
  let listener = serving(first);
  let asked = 0;
  const server: Server = createServer((request, response) => {
    asked++;
    listener(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    uri: `http://127.0.0.1:${port}/keys.json`,
    asked: () => asked,
    serve: (next) => {
      listener = serving(next);
    },
    answer: (next) => {
      listener = next;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}
