/**
 * A bearer token where no login service is at hand: to try real accounts on one's own machine, not for production.
 *
 *   npm run --silent token -- --tenant acme [--scope "staff:read invites:send"] [--subject me] [--hours 8]
 *
 * The key pair is made once, in `data/`; the token goes to stdout, what rollcall.yaml needs to stderr.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { readCommandLine, UsageError } from '../dist/cli/command-line.js';

const ISSUER = 'https://localhost/rollcall';
const AUDIENCE = 'rollcall';
const FOLDER = 'data';
const PRIVATE = join(FOLDER, 'token-key.private.json');
const PUBLIC = join(FOLDER, 'token-keys.json');

const USAGE = `Usage: npm run --silent token -- --tenant TENANT [options]

Prints a bearer token for trying, and on stderr what rollcall.yaml needs to accept it. Not for production.

  --tenant TENANT   whose accounts the token shows
  --scope SCOPES    default: "staff:read invites:send invites:reveal"
  --subject NAME    who the caller is; default: local
  --hours HOURS     how long the token is good; default: 8
  -h, --help        prints this
  -v, --version     prints the version`;

const command = {
  usage: USAGE,
  options: {
    tenant: { type: 'string' },
    scope: { type: 'string', default: 'staff:read invites:send invites:reveal' },
    subject: { type: 'string', default: 'local' },
    hours: { type: 'string', default: '8' },
  },
};
const { values } = readCommandLine(command, (parsed) => {
  if (!parsed.values.tenant) throw new UsageError('--tenant is missing.');
  if (!(Number(parsed.values.hours) > 0)) throw new UsageError('--hours must be a number above 0.');
  return parsed;
});

if (!existsSync(PRIVATE)) {
  mkdirSync(FOLDER, { recursive: true });
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  writeFileSync(PRIVATE, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  writeFileSync(
    PUBLIC,
    JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] }),
  );
}
const key = await importJWK(JSON.parse(readFileSync(PRIVATE, 'utf8')), 'ES256');
const token = await new SignJWT({ tenant: values.tenant, scope: values.scope })
  .setProtectedHeader({ alg: 'ES256' })
  .setIssuer(ISSUER)
  .setAudience(AUDIENCE)
  .setSubject(values.subject)
  .setIssuedAt()
  .setExpirationTime(`${values.hours}h`)
  .sign(key);
process.stderr.write(
  `rollcall.yaml:\n  auth: { issuer: ${ISSUER}, audience: ${AUDIENCE}, jwksFile: ./${PUBLIC} }\nAuthorization: Bearer …\n`,
);
process.stdout.write(`${token}\n`);
