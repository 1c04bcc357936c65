import type { DemoAccount } from '../../src/emulators/accounts';
import type { Emulators, SeenRequest, VendorName } from '../../src/emulators/start';
import type { PlannedWrite } from './writes';

/** What the vendors saw of one write, and what they did about it. */
export interface Sight {
  /** Write requests for its invite or address, of whatever kind. */
  readonly writes: number;
  readonly mails: number;
}

/** What the vendors saw of all writes. */
export interface Sights {
  of(write: PlannedWrite): Sight;
  /** Write requests that belong to no planned write. */
  readonly strays: readonly string[];
  /** Write requests that ended before their body came: the process that sent them was killed. */
  readonly cut: number;
}

const VENDORS = ['ecwid', 'softwareone', 'wix'] as const;

/** Looks through everything that the vendors have on record. */
export function look(emulators: Emulators, writes: readonly PlannedWrite[]): Sights {
  const stores = new Map(
    emulators.accounts.map((account) => [`${account.vendor} ${ownIdOf(account)}`, account.key]),
  );
  const seen = new Map<string, number>();
  const mails = new Map<string, number>();
  const known = new Set(writes.flatMap(marksOf));
  const strays: string[] = [];
  let cut = 0;
  for (const vendor of VENDORS) {
    const { requests, requestsTotal, mails: sent, mailsTotal } = emulators[vendor];
    if (requests.length < requestsTotal || sent.length < mailsTotal)
      throw new Error(`${vendor} has forgotten what it saw: the run is too long for its log`);
    for (const request of requests.filter((each) => isWrite(vendor, each))) {
      const mark = markOf(vendor, request, stores);
      if (mark === null) cut++;
      else if (known.has(mark)) seen.set(mark, (seen.get(mark) ?? 0) + 1);
      else strays.push(`${vendor} saw ${request.method} ${request.path} (${mark})`);
    }
    for (const { account, to } of sent) {
      mails.set(`${account} ${to}`, (mails.get(`${account} ${to}`) ?? 0) + 1);
      if (!known.has(`${account} ${to}`)) strays.push(`${vendor} mailed ${to} for ${account}`);
    }
  }
  return {
    of: (write) => ({
      writes: marksOf(write).reduce((sum, mark) => sum + (seen.get(mark) ?? 0), 0),
      mails: mails.get(`${write.account.key} ${write.email}`) ?? 0,
    }),
    strays,
    cut,
  };
}

/** Whether a request asks the vendor to change something; Wix asks some of its questions by POST. */
export const isWrite = (vendor: VendorName, { method, path }: SeenRequest): boolean =>
  method !== 'GET' && !(vendor === 'wix' && path.endsWith('/query'));

/** Whether a request came with the credential of this account. */
export function isOf(account: DemoAccount, { path, headers }: SeenRequest): boolean {
  switch (account.vendor) {
    case 'ecwid':
      return path.includes(`/${account.storeId}/`);
    case 'softwareone':
      return headers['authorization'] === `Bearer ${account.token}`;
    case 'wix':
      return headers['authorization'] === account.apiKey;
  }
}

/** A write is known at the vendor by its invite's id or by its address. */
const marksOf = ({ account, vendorId, email }: PlannedWrite): string[] => [
  ...new Set([`${account.key} ${vendorId}`, `${account.key} ${email}`]),
];

function markOf(
  vendor: VendorName,
  { path, headers, body }: SeenRequest,
  keys: ReadonlyMap<string, string>,
): string | null {
  const inPath = /(AUSR-[\d-]+|site-invite\/(?<guid>[0-9a-f-]{36}))/.exec(path);
  const name = inPath?.groups?.['guid'] ?? inPath?.[0] ?? addressIn(body);
  if (name === null) return null;
  const own =
    vendor === 'ecwid'
      ? path.split('/')[3]
      : vendor === 'wix'
        ? headers['wix-site-id']
        : headers['authorization']?.replace('Bearer ', '');
  return `${keys.get(`${vendor} ${own ?? ''}`) ?? own ?? ''} ${name}`;
}

const ownIdOf = (account: DemoAccount): string =>
  account.vendor === 'ecwid' ? account.storeId : account.vendor === 'wix' ? account.siteId : account.token;

/** The address in a write's body, as each of the vendors wants it. */
function addressIn(body: string): string | null {
  if (body === '') return null;
  const { email, emails, user } = JSON.parse(body) as {
    email?: string;
    emails?: string[];
    user?: { email?: string };
  };
  return email ?? emails?.join(' ') ?? user?.email ?? null;
}

/**
 * Whether an invite has been withdrawn at its vendor, found out the way a colleague would: by sending it again, which
 * only an invite that stands allows. Changes what the vendors have seen, so it comes last.
 */
export async function isWithdrawn(
  { account, vendorId, email }: PlannedWrite,
  emulators: Emulators,
): Promise<boolean> {
  const { baseUrl } = emulators[account.vendor];
  const [url, headers, body] = ((): [string, Record<string, string>, object] => {
    switch (account.vendor) {
      case 'ecwid':
        return [
          `${baseUrl}/${account.storeId}/staff/invite`,
          { authorization: `Bearer ${account.token}` },
          { email },
        ];
      case 'softwareone':
        return [
          `${baseUrl}/accounts/account-users/${vendorId}/resend-invite`,
          { authorization: `Bearer ${account.token}` },
          {},
        ];
      case 'wix':
        return [
          `${baseUrl}/invites/site-invite/${vendorId}/resend`,
          { authorization: account.apiKey, 'wix-site-id': account.siteId },
          {},
        ];
    }
  })();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status !== 200;
}
