/**
 * The limit: bare node:http, the vendor calls that Rollcall makes through the same client, and the answer written as text by hand
 * for each of the measured operations. No GraphQL, no token, no bound on what comes in. `bare` leaves out the client's guard,
 * retries and metrics, too: what no server that keeps its promises to vendors can reach. With a file for `receipts` it is as careful
 * with writes as it must be to make each of them at most once.
 */
import { createServer } from 'node:http';
import { createLeanVendors } from './limit-vendors.mjs';
import { openReceipts } from './receipts.mjs';

export async function start(world, port, { receipts, bare = false } = {}) {
  const vendors = createLeanVendors(world, { fresh: receipts !== undefined, bare });
  const answers = handlers(vendors, receipts === undefined ? null : openReceipts(receipts));
  createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
      const { operationName, variables } = JSON.parse(body.toString());
      const text = `{"data":${await answers[operationName](variables)}}`;
      const length = Buffer.byteLength(text);
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': length,
      });
      response.end(text);
    });
  }).listen(port, '127.0.0.1');
}

function handlers({ accounts, byKey }, receipts) {
  const whole = async (account) => {
    const [profile, rows] = await Promise.all([account.profile(), account.staffList(50)]);
    return `${account.head},${profile},"staffMembers":{"nodes":[${rows}]}}`;
  };
  const pageOf = async (first, vendor) => {
    const page = accounts.filter((account) => account.vendor === vendor).slice(0, first);
    return `{"nodes":[${await Promise.all(page.map(whole))}]}`;
  };
  /** `[account, local id]` of an id. */
  const split = (id) => {
    const colon = id.indexOf(':');
    return [byKey.get(id.slice(0, colon)), id.slice(colon + 1)];
  };

  return {
    W1: async ({ id }) => `{"account":${await whole(byKey.get(id))}}`,

    W2: async () => {
      const [ecwid, softwareone, wix] = await Promise.all([
        pageOf(7, 'ECWID'),
        pageOf(7, 'SOFTWAREONE'),
        pageOf(6, 'WIX'),
      ]);
      return `{"ecwid":${ecwid},"softwareone":${softwareone},"wix":${wix}}`;
    },

    W3: async ({ representations }) => {
      const groups = new Map();
      for (const { id } of representations) {
        const [account, local] = split(id);
        const group = groups.get(account);
        if (group) group.push(local);
        else groups.set(account, [local]);
      }
      const found = await Promise.all([...groups].map(([account, locals]) => account.staffByIds(locals)));
      const rows = new Map(found.flat());
      return `{"_entities":[${representations.map(({ id }) => rows.get(id))}]}`;
    },

    W4: async ({ id }) => {
      const [account, local] = split(id);
      const [[, row]] = await account.staffByIds([local]);
      return `{"staffMember":${row}}`;
    },

    W5: async ({ input }) => {
      receipts?.begin(input);
      const [account, local] = split(input.inviteId);
      const invite = await account.resend(local);
      receipts?.close(input, 'REQUESTED');
      const shown = JSON.stringify({ id: invite.id, email: invite.email, status: 'PENDING' });
      return `{"resendInvite":{"outcome":"REQUESTED","invite":${shown},"userErrors":[]}}`;
    },
  };
}
