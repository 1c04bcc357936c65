import { finished } from 'node:stream/promises';
import { Agent, request } from 'undici';
import { startEmulators, type Emulators, type Fault } from '../../src/emulators/start';
import { closeAll } from '../support/close-all';
import { at, clientOf, credential, rows, text, type VendorClient } from './vendor-client';

let emulators: Emulators;
let tea: VendorClient;
let contoso: VendorClient;
let cafe: VendorClient;
beforeAll(async () => {
  emulators = await startEmulators();
  tea = clientOf(emulators, 'harbor-tea');
  contoso = clientOf(emulators, 'contoso');
  cafe = clientOf(emulators, 'harbour-cafe');
});
afterEach(() => {
  emulators.reset();
});
afterAll(() => closeAll(emulators));

const lena = { email: 'lena@harbor-tea.example' };
const resend = () => tea('POST', '/staff/invite', lena);
const staff = () => tea('GET', '/staff');
const add = (fault: Fault) => {
  emulators.ecwid.faults.add(fault);
};
const seen = () => emulators.ecwid.requests.map(({ method, status }) => [method, status]);

/** The code of the socket error a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no error';
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error
      ? String(error.code)
      : String(error);
  }
}

/** Reads the head first, so that a failing body is told from a failing head. */
async function headOf(path: string, dispatcher?: Agent) {
  const url = `${emulators.ecwid.baseUrl}/7700142${path}`;
  return request(url, { headers: credential(tea.account), ...(dispatcher ? { dispatcher } : {}) });
}

describe('fault injection: replaced responses', () => {
  it.each<[Fault, number, string | undefined, string]>([
    [
      { kind: 'status', status: 503 },
      503,
      'application/json;charset=utf-8',
      '{"errorMessage":"internal error","errorCode":"INTERNAL_ERROR"}',
    ],
    [{ kind: 'status', status: 403 }, 403, undefined, ''],
    [
      { kind: 'status', status: 403, body: { errorMessage: 'no' } },
      403,
      'application/json;charset=utf-8',
      '{"errorMessage":"no"}',
    ],
    [
      { kind: 'status', status: 500, body: 'text', headers: { 'Content-Type': 'text/plain' } },
      500,
      'text/plain',
      'text',
    ],
    [{ kind: 'status', status: 201 }, 201, undefined, ''],
    [{ kind: 'status', status: 408, body: '' }, 408, undefined, ''],
    [{ kind: 'malformedJson' }, 200, 'application/json;charset=utf-8', '{"broken": [1, 2'],
    [{ kind: 'emptyBody' }, 200, 'application/json;charset=utf-8', ''],
    [{ kind: 'noContent' }, 204, undefined, ''],
    [{ kind: 'jsonNull' }, 200, 'application/json;charset=utf-8', 'null'],
    [{ kind: 'arrayForObject' }, 200, 'application/json;charset=utf-8', '[]'],
  ])('answers with the fault %j', async (fault, status, type, text) => {
    add(fault);
    const answer = await staff();
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([status, type, text]);
    expect(seen()).toEqual([['GET', status]]);
  });

  it('answers HTML with any status', async () => {
    add({ kind: 'html', times: 1 });
    add({ kind: 'html', status: 502, times: 1 });
    const [good, bad] = [await staff(), await staff()];
    expect([good.status, bad.status]).toEqual([200, 502]);
    expect(good.headers['content-type']).toContain('text/html');
    expect(good.text).toContain('<html>');
  });

  it.each(['30', 'Wed, 21 Oct 2099 07:28:00 GMT', '99999999999', 'soon'])(
    'answers 429 with retry-after: %s (rate limit)',
    async (value) => {
      add({ kind: 'status', status: 429, headers: { 'Retry-After': value } });
      const { status, headers, json } = await staff();
      expect([status, headers['retry-after'], at(json, 'errorCode')]).toEqual([429, value, 'RATE_LIMITED']);
    },
  );

  it('redirects to the given location', async () => {
    add({ kind: 'redirect', location: 'https://elsewhere.example/', times: 1 });
    add({ kind: 'redirect', location: '/api/v3/1/staff', status: 302, times: 1 });
    const [away, near] = [await staff(), await staff()];
    expect([away.status, away.headers['location']]).toEqual([307, 'https://elsewhere.example/']);
    expect([near.status, near.headers['location']]).toEqual([302, '/api/v3/1/staff']);
  });

  it('uses the error format of each vendor', async () => {
    for (const { faults } of [emulators.softwareone, emulators.wix]) {
      faults.add({ kind: 'status', status: 401, times: 1 });
      faults.add({ kind: 'status', status: 500, times: 1 });
    }
    const list = () => contoso('GET', '/accounts/account-users');
    expect((await list()).json).toMatchObject({ title: 'Unauthorized', status: 401 });
    expect((await list()).json).toMatchObject({ title: 'Internal Server Error', status: 500 });
    const contributors = () => cafe('GET', '/roles-management/v2/contributors/query');
    expect(at((await contributors()).json, 'details.applicationError.code')).toBe('UNAUTHENTICATED');
    expect((await contributors()).json).toEqual({ message: 'System error', details: {} });
  });
});

describe('fault injection: modified responses', () => {
  it('wrongContentType changes the content type', async () => {
    add({ kind: 'wrongContentType', contentType: 'text/plain' });
    const { headers, json } = await staff();
    expect(headers['content-type']).toBe('text/plain');
    expect(at(json, 'staffList')).toHaveLength(12);
  });

  it('patchBody sets, removes, nulls and changes the type of fields, for one row or all rows', async () => {
    add({
      kind: 'patchBody',
      changes: [
        { path: 'staffList.0.email', change: 'remove' },
        { path: 'staffList.1.email', change: 'null' },
        { path: 'staffList.2.email', change: 'set', value: 'x' },
        { path: 'staffList.*.staffScopes', change: 'retype' },
        { path: 'staffList.*.inviteAccepted', change: 'retype' },
        { path: ['staffList', '0', 'new.key'], change: 'set', value: 1 },
        { path: 'staffList.3', change: 'retype' },
        { path: 'nowhere.at.all', change: 'set', value: 1 },
      ],
    });
    const { json } = await staff();
    expect(at(json, 'staffList.0')).toEqual({
      id: 'p90100001',
      name: 'Mira Sandoval',
      staffScopes: {},
      inviteAccepted: 'true',
      'new.key': 1,
    });
    const others = ['1.email', '2.email', '3'].map((path) => at(json, `staffList.${path}`));
    expect(others).toEqual([null, 'x', []]);
  });

  it('patchBody replaces the whole body', async () => {
    add({ kind: 'patchBody', changes: [{ path: '', change: 'set', value: 7 }] });
    expect((await staff()).text).toBe('7');
  });

  it('unknownStatusWord changes the status field of each vendor', async () => {
    for (const { faults } of [emulators.ecwid, emulators.softwareone, emulators.wix]) {
      faults.add({ kind: 'unknownStatusWord', word: 'Paused' });
    }
    expect(at((await staff()).json, 'staffList.0.inviteAccepted')).toBe('Paused');
    const [row] = rows((await contoso('GET', '/accounts/account-users?limit=1')).json, 'data');
    expect(at(row, 'invitation.status')).toBe('Paused');
    expect(row).not.toHaveProperty('status');
    const one = await contoso('GET', '/accounts/account-users/AUSR-2750-9914-0301');
    expect(at(one.json, 'invitation.status')).toBe('Paused');
    const bulk = await cafe('POST', '/invites/site-invite/bulk', {
      policyIds: ['6600344420111308827'],
      emails: ['x@harbour-cafe.example'],
    });
    expect(at(bulk.json, 'invites.0.status')).toBe('Paused');
  });

  it('repeatPages repeats pages, and lieTotal reports a wrong total', async () => {
    const page = (offset: number) =>
      contoso('GET', `/accounts/account-users?select=-*,id&limit=2&offset=${offset}`);
    emulators.softwareone.faults.add({ kind: 'repeatPages' });
    const [first, second] = [(await page(0)).json, (await page(2)).json];
    expect(rows(second, 'data')).toEqual(rows(first, 'data'));
    expect(at(second, '$meta.pagination')).toEqual({ offset: 2, limit: 2, total: 15 });
    expect(emulators.softwareone.requests.at(-1)?.query).toContain('offset=2');
    emulators.softwareone.faults.clear();
    emulators.softwareone.faults.add({ kind: 'lieTotal', total: 1_000_000 });
    expect((await page(14)).json).toMatchObject({ $meta: { pagination: { total: 1_000_000 } }, data: [{}] });
  });
});

describe('fault injection: broken connections', () => {
  it('resetBeforeHeaders resets the connection before the headers', async () => {
    add({ kind: 'resetBeforeHeaders' });
    expect(await errorOf(resend())).toBe('ECONNRESET');
    expect(seen()).toEqual([['POST', null]]);
    expect(emulators.ecwid.requests[0]?.body).toBe(JSON.stringify(lena));
    expect(emulators.ecwid.mails).toEqual([]);
  });

  it('lostAnswer executes and mails the write, and never answers', async () => {
    add({ kind: 'lostAnswer' });
    expect(await errorOf(resend())).toBe('ECONNRESET');
    expect(seen()).toEqual([['POST', null]]);
    expect(emulators.ecwid.mails).toMatchObject([{ kind: 'resend', to: lena.email }]);
  });

  it('resetAfterHeaders sends the headers and never the body, each time', async () => {
    add({ kind: 'resetAfterHeaders' });
    for (let round = 0; round < 20; round += 1) {
      const { statusCode, headers, body } = await headOf('/staff');
      expect(statusCode).toBe(200);
      expect(Number(headers['content-length'])).toBeGreaterThan(1000);
      // The latter when this process was too busy to read the head before the reset.
      expect(await errorOf(body.text())).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/);
    }
  });

  it('truncated sends half of the body and closes the connection, each time', async () => {
    add({ kind: 'truncated' });
    for (let round = 0; round < 20; round += 1) {
      const { statusCode, headers, body } = await headOf('/staff');
      expect(statusCode).toBe(200);
      let received = 0;
      body.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      expect(await errorOf(finished(body))).toBe('UND_ERR_SOCKET');
      expect(received).toBe(Math.floor((Number(headers['content-length']) - 1) / 2));
    }
  });

  it('truncated after skipped requests executes nothing', async () => {
    add({ kind: 'truncated', after: 'skip' });
    expect(await errorOf(resend())).toBe('UND_ERR_SOCKET');
    expect(emulators.ecwid.mails).toEqual([]);
  });

  it('staleSocket closes a kept-alive connection as its next request arrives', async () => {
    const dispatcher = new Agent({ connections: 1, pipelining: 1 });
    add({ kind: 'staleSocket', times: 1 });
    const read = async () => (await headOf('/staff', dispatcher)).body.text();
    await read();
    expect(await errorOf(read())).toBe('UND_ERR_SOCKET');
    expect(await errorOf(read())).toBe('no error');
    expect(seen()).toEqual([
      ['GET', 200],
      ['GET', null],
      ['GET', 200],
    ]);
    await dispatcher.close();
  });

  it('hang never answers', async () => {
    add({ kind: 'hang', after: 'execute' });
    const abort = new AbortController();
    const url = `${emulators.ecwid.baseUrl}/7700142/staff/invite`;
    const headers = { ...credential(tea.account), 'content-type': 'application/json' };
    const call = request(url, { method: 'POST', headers, body: JSON.stringify(lena), signal: abort.signal });
    while (emulators.ecwid.mails.length === 0) await new Promise(setImmediate);
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen()).toEqual([['POST', null]]);
  });
});

describe('fault injection: slow and large responses', () => {
  it('latency delays the response, not the execution, and accumulates', async () => {
    add({ kind: 'latency', ms: 40 });
    add({ kind: 'latency', ms: 40 });
    add({ kind: 'status', status: 500 });
    const started = performance.now();
    expect((await staff()).status).toBe(500);
    expect(performance.now() - started).toBeGreaterThan(75);
    emulators.ecwid.faults.clear();
    add({ kind: 'latency', ms: 60_000 });
    const abort = new AbortController();
    const url = `${emulators.ecwid.baseUrl}/7700142/staff/invite`;
    const headers = { ...credential(tea.account), 'content-type': 'application/json' };
    const call = request(url, { method: 'POST', headers, body: JSON.stringify(lena), signal: abort.signal });
    const failed = errorOf(call);
    while (emulators.ecwid.mails.length === 0) await new Promise(setImmediate);
    abort.abort();
    expect(await failed).not.toBe('no error');
    expect(seen().at(-1)).toEqual(['POST', null]);
  });

  it('drip sends the real body one byte at a time', async () => {
    add({ kind: 'drip', bytesEveryMs: 1 });
    const { headers, body } = await headOf('/profile/staffScopes?x');
    const sizes: number[] = [];
    body.on('data', (chunk: Buffer) => sizes.push(chunk.length));
    await finished(body);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(Number(headers['content-length']));
    expect(sizes.length).toBeGreaterThan(Number(headers['content-length']) / 2);
  });

  it('hugeBody is valid JSON of exactly the given size, with content-length only on request', async () => {
    add({ kind: 'hugeBody', bytes: 3_000_001, times: 1 });
    add({ kind: 'hugeBody', bytes: 300_000, declareLength: true, times: 1 });
    const open = await staff();
    expect([open.text.length, open.headers['content-length']]).toEqual([3_000_001, undefined]);
    expect(text(open.json, 'padding')).toMatch(/^a+$/);
    const declared = await staff();
    expect([declared.text.length, declared.headers['content-length']]).toEqual([300_000, '300000']);
  });

  it('hugeBody streams with bounded memory', async () => {
    add({ kind: 'hugeBody', bytes: 2 ** 40 });
    const before = process.memoryUsage().rss;
    const { body } = await headOf('/staff');
    let read = 0;
    body.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > 30_000_000) body.destroy();
    });
    await finished(body).catch(() => undefined);
    expect(read).toBeGreaterThan(30_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('gzipBomb is small on the wire and large unpacked', async () => {
    add({ kind: 'gzipBomb', bytes: 5_000_000 });
    const packed = await staff();
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(Buffer.byteLength(packed.text)).toBeLessThan(50_000);
    const unpacked = await fetch(`${emulators.ecwid.baseUrl}/7700142/staff`, {
      headers: credential(tea.account),
    });
    expect(await unpacked.text()).toHaveLength(5_000_000);
  });
});

describe('fault injection: request matching', () => {
  const statuses = async () => {
    const answers = [
      await staff(),
      await resend(),
      await tea('GET', '/staff/p90112233'),
      await tea('GET', '/profile'),
    ];
    return answers.map(({ status }) => status);
  };

  it.each<[string | undefined, number[]]>([
    [undefined, [599, 599, 599, 599]],
    ['GET /staff', [599, 200, 200, 200]],
    ['get /staff', [599, 200, 200, 200]],
    ['/staff', [599, 200, 200, 200]],
    ['* /staff', [599, 200, 200, 200]],
    ['POST /staff', [200, 200, 200, 200]],
    ['POST */invite', [200, 599, 200, 200]],
    ['GET /staff/*', [200, 200, 599, 200]],
    ['GET *', [599, 200, 599, 599]],
    ['GET /api/v3/7700142/profile', [200, 200, 200, 599]],
    ['GET staff.', [200, 200, 200, 200]],
  ])('matches the route %s', async (route, expected) => {
    add({ kind: 'status', status: 599, ...(route === undefined ? {} : { route }) });
    expect(await statuses()).toEqual(expected);
  });

  it('matches one account by path, token or site', async () => {
    emulators.ecwid.faults.add({ kind: 'status', status: 503, account: 'globex-parts' });
    emulators.softwareone.faults.add({ kind: 'status', status: 503, account: 'contoso-nordic' });
    emulators.wix.faults.add({ kind: 'status', status: 503, account: 'globex-studio' });
    const calls = [
      ['globex-parts', 'harbor-tea', '/staff'],
      ['contoso-nordic', 'contoso', '/accounts/account-users'],
      ['globex-studio', 'harbour-cafe', '/roles-management/v2/contributors/query'],
    ] as const;
    for (const [hit, spared, path] of calls) {
      expect((await clientOf(emulators, hit)('GET', path)).status).toBe(503);
      expect((await clientOf(emulators, spared)('GET', path)).status).toBe(200);
    }
  });

  it('applies faults as many times as configured, in the order they were added', async () => {
    add({ kind: 'status', status: 501, times: 2 });
    add({ kind: 'status', status: 502, times: 1 });
    expect(emulators.ecwid.faults.list()).toHaveLength(2);
    const answers: number[] = [];
    for (let round = 0; round < 4; round += 1) answers.push((await staff()).status);
    expect(answers).toEqual([501, 501, 502, 200]);
    expect(emulators.ecwid.faults.list()).toEqual([]);
  });

  it('executes the request before the fault on request: the mail is sent', async () => {
    add({ kind: 'status', status: 500, times: 1 });
    await resend();
    expect(emulators.ecwid.mails).toHaveLength(0);
    add({ kind: 'status', status: 500, after: 'execute', times: 1 });
    await resend();
    expect(emulators.ecwid.mails).toHaveLength(1);
  });
});

it.each<[object, string]>([
  [{ kind: 'explode' }, 'kind'],
  [{ kind: 'latency' }, 'ms'],
  [{ kind: 'latency', ms: -1 }, 'ms'],
  [{ kind: 'latency', ms: 1, after: 'skip' }, 'after'],
  [{ kind: 'hang', times: 0 }, 'times'],
  [{ kind: 'hang', ms: 1 }, 'ms'],
  [{ kind: 'lieTotal', total: 1 }, 'kind'],
  [{ kind: 'status', status: 99 }, 'status'],
  [{ kind: 'status', status: 500, headers: { a: 'x\r\ny' } }, 'headers'],
  [{ kind: 'patchBody', changes: [{ path: 'a', change: 'explode' }] }, 'changes'],
])('fault injection: refuses the invalid fault %j', (fault, field) => {
  expect(() => {
    emulators.ecwid.faults.add(fault as Fault);
  }).toThrow(`fault.${field}:`);
});
