/**
 * The limit: bare node:http, the least vendor calls there are, and the answer written by hand for each of the measured
 * operations. No GraphQL, no protection: what nobody who answers a GraphQL query can be below. With a file for `receipts`
 * it is as careful with writes as it must be who promises to make each once.
 */
import { createServer } from 'node:http';
import { readJson } from './http.mjs';
import { accountsOf } from './model.mjs';
import { openReceipts } from './receipts.mjs';
import { createVendors, splitId } from './vendors.mjs';

export async function start(world, port, { lean = false, receipts } = {}) {
  const vendors = createVendors(world, { lean, fresh: receipts !== undefined });
  const answers = handlers(vendors, receipts === undefined ? null : openReceipts(receipts));
  createServer(async (request, response) => {
    const { operationName, variables } = await readJson(request);
    const data = await answers[operationName](variables);
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ data }));
  }).listen(port, '127.0.0.1');
}

function handlers(vendors, receipts) {
  const whole = async (account) => {
    const { id, vendor, externalId } = account;
    const [{ name, status }, rows] = await Promise.all([
      vendors.profile(account),
      vendors.staffList(account, 50),
    ]);
    return { id, vendor, externalId, name, status, staffMembers: { nodes: rows.map(toRow) } };
  };
  const pageOf = async (first, vendor) => ({
    nodes: await Promise.all(accountsOf(vendors, { first, filter: { vendor } }).nodes.map(whole)),
  });

  return {
    W1: async ({ id }) => ({ account: await whole(vendors.account(id)) }),

    W2: async () => {
      const [ecwid, softwareone, wix] = await Promise.all([
        pageOf(7, 'ECWID'),
        pageOf(7, 'SOFTWAREONE'),
        pageOf(6, 'WIX'),
      ]);
      return { ecwid, softwareone, wix };
    },

    W3: async ({ representations }) => {
      const groups = new Map();
      for (const { id } of representations) {
        const [key, local] = splitId(id);
        const group = groups.get(key);
        if (group) group.push(local);
        else groups.set(key, [local]);
      }
      const found = await Promise.all(
        [...groups].map(([key, locals]) => vendors.staffByIds(vendors.account(key), locals)),
      );
      const byId = new Map(found.flat().map((row) => [row.id, row]));
      return { _entities: representations.map(({ id }) => toRow(byId.get(id))) };
    },

    W4: async ({ id }) => {
      const [key, local] = splitId(id);
      const [row] = await vendors.staffByIds(vendors.account(key), [local]);
      return { staffMember: toRow(row) };
    },

    W5: async ({ input }) => {
      receipts?.begin(input);
      const { outcome, invite } = await vendors.resend(input.inviteId);
      receipts?.close(input, outcome);
      const { id, email, status } = invite;
      return { resendInvite: { outcome, invite: { id, email, status }, userErrors: [] } };
    },
  };
}

/** The fields of the fragment that all reads select. */
const toRow = ({ id, name, email, status, joinedAt, account, invite }) => ({
  id,
  name,
  email,
  status,
  joinedAt,
  account: { id: account.id, vendor: account.vendor },
  invite: invite && {
    id: invite.id,
    email: invite.email,
    status: invite.status,
    createdAt: invite.createdAt,
    expiresAt: invite.expiresAt,
  },
});
