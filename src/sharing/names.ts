import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfiguredAccount } from '../vendors/definition';

/** What an account is called in Redis: nothing of it can be read there, and deployments that share a Redis stay apart. */
export interface Names {
  /** Of the account, whatever its credential. */
  readonly account: string;
  /** Of the account with this very credential: what is said of one does not hold for its successor. */
  readonly credential: string;
}

/** Names accounts by all that makes them what they are, the vendor's address included. */
export function nameAccounts(
  accounts: readonly ConfiguredAccount[],
  vendors: Readonly<Record<string, { readonly baseUrl: string } | undefined>>,
): ReadonlyMap<string, Names> {
  return new Map(
    accounts.map(({ id, tenant, vendor, externalId, fingerprint }) => {
      const account = digest(id, tenant, vendor, externalId, vendors[vendor.toLowerCase()]?.baseUrl ?? '');
      return [id, { account, credential: digest(account, fingerprint) }];
    }),
  );
}

/** A name made of texts, the same for the same texts only. */
export const digest = (...texts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, 32);

/** Every key begins with it, so that a user of Redis can be confined to it. */
export const PREFIX = 'rollcall:';

/** Where an account's generation is. A write ends it, and what was asked in it is never found again. */
export const generationKey = ({ account }: Names): string => `${PREFIX}generation:${account}`;

/** Where processes tell each other; counted up when messages change their form. */
export const CHANNEL = `${PREFIX}signals:1`;

/** Says what program this is: another one's answers may be shaped otherwise, and are not read. */
export function readBuild(): string {
  const root = join(__dirname, '..', '..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return `${version}${readStamp(join(__dirname, '..', '.stamp'))}`;
}

/** The build leaves a hash of all sources beside what it has compiled. */
function readStamp(file: string): string {
  try {
    return `+${readFileSync(file, 'utf8').slice(0, 12)}`;
  } catch {
    return '';
  }
}
