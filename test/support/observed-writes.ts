import type { DemoAccount } from '../../src/emulators/accounts';
import type { Emulators, SeenRequest, VendorName } from '../../src/emulators/start';
import type { PlannedWrite } from './planned-writes';

/** What the vendors received and did for one write. */
export interface ObservedWrite {
  /** Write requests of any kind for its invite or email address. */
  readonly writes: number;
  readonly mails: number;
}

/** What the vendors received and did for all writes. */
export interface ObservedWrites {
  of(write: PlannedWrite): ObservedWrite;
  /** Write requests that belong to no planned write. */
  readonly unplanned: readonly string[];
  /** Write requests without their body: the process that sent them was killed. */
  readonly truncated: number;
}

const VENDORS = ['ecwid', 'softwareone', 'wix'] as const;

/** Assigns the requests and mails that the vendors recorded to the planned writes. */
export function observeWrites(emulators: Emulators, writes: readonly PlannedWrite[]): ObservedWrites {
  const stores = new Map(
    emulators.accounts.map((account) => [`${account.vendor} ${ownIdOf(account)}`, account.key]),
  );
  const seen = new Map<string, number>();
  const mails = new Map<string, number>();
  const known = new Set(writes.flatMap(marksOf));
  const unplanned: string[] = [];
  let truncated = 0;
  for (const vendor of VENDORS) {
    const { requests, requestsTotal, mails: sent, mailsTotal } = emulators[vendor];
    if (requests.length < requestsTotal || sent.length < mailsTotal)
      throw new Error(`${vendor} has dropped recorded requests: the run is too long for its record`);
    for (const request of requests.filter((each) => isWriteRequest(vendor, each))) {
      const mark = markOf(vendor, request, stores);
      if (mark === null) truncated++;
      else if (known.has(mark)) seen.set(mark, (seen.get(mark) ?? 0) + 1);
      else unplanned.push(`${vendor} saw ${request.method} ${request.path} (${mark})`);
    }
    for (const { account, to } of sent) {
      mails.set(`${account} ${to}`, (mails.get(`${account} ${to}`) ?? 0) + 1);
      if (!known.has(`${account} ${to}`)) unplanned.push(`${vendor} mailed ${to} for ${account}`);
    }
  }
  return {
    of: (write) => ({
      writes: marksOf(write).reduce((sum, mark) => sum + (seen.get(mark) ?? 0), 0),
      mails: mails.get(`${write.account.key} ${write.email}`) ?? 0,
    }),
    unplanned,
    truncated,
  };
}

/** Whether a request is a write; Wix reads some resources with POST. */
export const isWriteRequest = (vendor: VendorName, { method, path }: SeenRequest): boolean =>
  method !== 'GET' && !(vendor === 'wix' && path.endsWith('/query'));

/** Whether a request has the credentials of this account. */
export function isSentFor(account: DemoAccount, { path, headers }: SeenRequest): boolean {
  switch (account.vendor) {
    case 'ecwid':
      return path.includes(`/${account.storeId}/`);
    case 'softwareone':
      return headers['authorization'] === `Bearer ${account.token}`;
    case 'wix':
      return headers['authorization'] === account.apiKey;
  }
}

/** A vendor identifies a write by the id of its invite or by its email address. */
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

/** The email address in the body of a write, in the format of each vendor. */
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
 * Whether an invite is revoked at its vendor: resends it, which only a pending invite allows. Adds to the requests that
 * the vendor recorded, so call it last.
 */
export async function isRevokedAtVendor(
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
