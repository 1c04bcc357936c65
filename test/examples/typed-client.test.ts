// First: it says what to run where the types of the others are missing.
import { closeAll } from '../support/close-all';
import { TYPED_CLIENT } from './generated';
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Ask, createClient } from '../../examples/typed-client/src/client';
import {
  InviteDetailsDocument,
  PersonDocument,
  StaffPageDocument,
} from '../../examples/typed-client/src/generated/operations';
import { resendInvite } from '../../examples/typed-client/src/resend';
import type { Emulator } from '../../src/emulators/start';
import { type Rollcall, startRollcall, UNCACHED } from '../support/start';

const PENDING = [
  'contoso:AUSR-2750-9914-0362',
  'contoso:AUSR-2750-9914-0363',
  'contoso:AUSR-2750-9914-0364',
] as const;

describe('typed client', () => {
  let rollcall: Rollcall;
  let softwareone: Emulator;
  let ask: Ask;
  beforeEach(async () => {
    rollcall = await startRollcall({ limits: UNCACHED });
    ({ softwareone } = rollcall.emulators);
    ask = createClient(rollcall.app.url);
  });
  afterEach(() => closeAll(rollcall));

  const sideDoor = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(new URL(`/__emulator/${path}`, rollcall.emulators.vendors.softwareone.baseUrl), init);
  const fault = (body: object): Promise<Response> =>
    sideDoor('faults', { method: 'POST', body: JSON.stringify(body) });
  const mails = async (): Promise<unknown> =>
    ((await (await sideDoor('mails')).json()) as { total: unknown }).total;

  it('compiles with the settings of a frontend', () => {
    const tsc = join(TYPED_CLIENT, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');
    expect(execFileSync(process.execPath, [tsc, '-p', TYPED_CLIENT], { encoding: 'utf8' })).toBe('');
  });

  it('returns the types of the operation', async () => {
    const { data, errors } = await ask(PersonDocument, { email: 'nora.lind@harbor-tea.example' });
    const names: (string | null)[] | undefined = data?.person?.staffMembers.map(
      ({ account }) => account.name,
    );

    expect(errors).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['Contoso', 'Harbor Tea']));
    // @ts-expect-error a person has no such field in this operation
    expect(data?.person?.nickname).toBeUndefined();
  });

  it('accepts the variables of the operation and no others', async () => {
    // @ts-expect-error the id is required
    const { errors } = await ask(InviteDetailsDocument, {});
    expect(errors[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  it('passes errors of a query on', async () => {
    const { data, errors } = await ask(StaffPageDocument, { first: 1000 });
    expect([data?.staffMembers, errors[0]?.extensions?.code]).toEqual([null, 'BAD_USER_INPUT']);
  });

  it('shows the other accounts while one fails, and names it (partial results)', async () => {
    await fault({ kind: 'status', status: 503, account: 'contoso' });
    const { data, errors } = await ask(StaffPageDocument, {
      filter: { accountIds: ['contoso', 'harbor-tea'] },
    });
    const { nodes = [], sources = [] } = data?.staffMembers ?? {};

    expect(errors).toEqual([]);
    expect(new Set(nodes.map(({ account }) => account.id))).toEqual(new Set(['harbor-tea']));
    expect(sources.map(({ account, state, code }) => [account.id, state, code])).toEqual([
      ['contoso', 'FAILED', 'UNAVAILABLE'],
      ['harbor-tea', 'FRESH', null],
    ]);
  });

  it('resends once, and reports why it does not resend again', async () => {
    expect(await resendInvite(ask, PENDING[0])).toMatchObject({
      kind: 'sent',
      invite: { email: 'nora.vale@contoso.example', status: 'PENDING' },
    });
    expect(await resendInvite(ask, PENDING[0])).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'COOLDOWN' }],
    });
    expect(await mails()).toBe(1);
  });

  it('resends once when the response to the browser is lost (idempotency)', async () => {
    const lossy = await startLossy(rollcall.app.url);
    const { port } = lossy.address() as AddressInfo;
    const result = await resendInvite(createClient(`http://127.0.0.1:${port}/graphql`), PENDING[1]);
    lossy.close();

    expect(result.kind).toBe('sent');
    expect(await mails()).toBe(1);
  });

  it('reports an unknown outcome when the response of the vendor is lost, and does not send again', async () => {
    await fault({ kind: 'lostAnswer', route: 'POST */resend-invite', times: 1 });
    expect(await resendInvite(ask, PENDING[2])).toEqual({ kind: 'unknown' });
    expect([await mails(), softwareone.requests.filter(({ method }) => method === 'POST').length]).toEqual([
      1, 1,
    ]);
  });

  it('sends the token that was provided', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, answer) => {
      seen.push(request.headers.authorization);
      answer.end('{"data":null,"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}');
    });
    await listen(server);
    const { port } = server.address() as AddressInfo;
    const withToken = createClient(`http://127.0.0.1:${port}/graphql`, () => Promise.resolve('a.b.c'));

    await expect(resendInvite(withToken, PENDING[0])).rejects.toThrow('no');
    server.close();
    expect(seen).toEqual(['Bearer a.b.c']);
  });
});

const listen = (server: Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

/** A way to the subgraph that loses the first answer: the work is done, and the caller hears nothing. */
async function startLossy(url: string): Promise<Server> {
  let lost = false;
  const pass = async (body: string): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body })).text();
  };
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void pass(Buffer.concat(chunks).toString()).then((text) => {
        if (lost) answer.setHeader('content-type', 'application/json').end(text);
        else request.socket.destroy();
        lost = true;
      });
    });
  });
  await listen(server);
  return server;
}
