import { join } from 'node:path';
import { Trace } from '@apollo/usage-reporting-protobuf';
import { closeAll } from '../support/close-all';
import { SEED_INVITES } from '../support/seed-ids';
import { waitFor } from '../support/wait-for';
import { type Collector, KIND, type Span, startCollector } from '../support/collector';
import { type Served, startServed } from '../support/served';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const CALLED = {
  traceparent: `00-${TRACE}-${CALLER}-01`,
  tracestate: 'congo=t61rcWkgMzE',
  baggage: 'userId=alice,secret=of-the-caller',
};
const MEMBER = 'contoso:AUSR-2750-9914-0302';

let collector: Collector;
let app: Served;

/** The spans of one trace, once its operation has been told of: what it did inside has ended before. */
async function spansOf(traceId: string): Promise<Span[]> {
  const find = (): Span[] => collector.spans.filter((span) => span.traceId === traceId);
  await waitFor(() => find().some(({ kind }) => kind === KIND.server));
  return find();
}

/** Spans as a tree of names, those of one parent in alphabetical order. */
type Tree = { readonly [name: string]: Tree } | null;

function treeOf(spans: readonly Span[], parent: string): Tree {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === parent);
  if (children.length === 0) return null;
  return Object.fromEntries(children.map(({ name, spanId }) => [name, treeOf(spans, spanId)]));
}

const spanOf = (traceparent: string | undefined): string => traceparent?.split('-')[2] ?? '';

describe('tracing (OpenTelemetry) with a collector', () => {
  beforeAll(async () => {
    collector = await startCollector();
    app = await startServed({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_BSP_SCHEDULE_DELAY: '50' },
    });
  });
  beforeEach(() => {
    for (const vendor of [app.emulators.ecwid, app.emulators.softwareone, app.emulators.wix])
      vendor.forgetRequests();
  });
  const extra: Served[] = [];
  afterEach(async () => {
    await closeAll(extra.splice(0));
    collector.forget();
  });
  afterAll(async () => {
    await closeAll(app, collector);
  });

  it('has spans for a query, its DataLoader batches and its vendor calls within the trace of the caller', async () => {
    await app.ask(`query Ask { staffMember(id: "${MEMBER}") { name account { name } } }`, {
      headers: CALLED,
    });
    const spans = await spansOf(TRACE);
    expect(treeOf(spans, CALLER)).toEqual({
      'query Ask': {
        'load staffMember': {
          'SOFTWAREONE listAccountUsers': null,
          // Asked for with the member, so that both go out side by side.
          'load profile': { 'SOFTWAREONE getAccount': null },
        },
      },
    });
    expect(collector.requests[0]).toBe('POST /v1/traces');
    expect(collector.bodies[0]).toContain('"rollcall"');
  });

  it('has a span for a list, with the calls to its accounts below it', async () => {
    await app.ask('query List { invites(filter: { vendor: ECWID }) { nodes { id } } }', { headers: CALLED });
    const spans = await spansOf(TRACE);
    const list = spans.find(({ name }) => name === 'list invites');
    const calls = spans.filter(({ kind }) => kind === KIND.client);
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([list?.spanId, list?.spanId]);
    expect(new Set(calls.map(({ name }) => name)).size).toBe(1);
    expect(calls.map(({ attributes }) => attributes)).toEqual(
      calls.map(() => ({
        'http.request.method': 'GET',
        'server.address': '127.0.0.1',
        'http.response.status_code': 200,
        'rollcall.outcome': 'ok',
      })),
    );
  });

  it('has a span for a write below its mutation, and one for the read before it', async () => {
    await app.ask(
      `mutation Again { resendInvite(input: { inviteId: "${SEED_INVITES.softwareone.pending}" }) { outcome } }`,
      { headers: CALLED },
    );
    const spans = await spansOf(TRACE);
    const [operation] = spans.filter(({ kind }) => kind === KIND.server);
    expect(operation).toMatchObject({
      name: 'mutation Again',
      parentSpanId: CALLER,
      attributes: {
        'graphql.operation.type': 'mutation',
        'rollcall.outcome': 'ok',
        'http.response.status_code': 200,
      },
    });
    const writes = spans.filter(({ attributes }) => attributes['http.request.method'] === 'POST');
    expect(writes).toMatchObject([{ kind: KIND.client, parentSpanId: operation?.spanId }]);
    expect(writes[0]?.name).toMatch(/^SOFTWAREONE /);
  });

  it('propagates its own span to each vendor call, and nothing else of the caller', async () => {
    await app.ask('query All { staffMembers(first: 100) { nodes { id } } }', { headers: CALLED });
    await app.ask(
      `mutation { resendInvite(input: { inviteId: "${SEED_INVITES.wix.pending}" }) { outcome } }`,
      {
        headers: CALLED,
      },
    );
    await waitFor(() => collector.spans.filter(({ kind }) => kind === KIND.server).length === 2);
    const calls = app.vendorCalls();
    expect(new Set(calls.map(({ path }) => path.split('/')[1])).size).toBeGreaterThan(1);
    const clients = collector.spans.filter(({ kind }) => kind === KIND.client);
    const taken = calls.map(({ headers }) => headers['traceparent']);
    expect(taken.map(spanOf).sort()).toEqual(clients.map(({ spanId }) => spanId).sort());
    expect(taken.map((header) => header?.slice(0, 35))).toEqual(taken.map(() => `00-${TRACE}`));
    for (const { headers } of calls) {
      expect(headers).not.toHaveProperty('tracestate');
      expect(headers).not.toHaveProperty('baggage');
      expect(JSON.stringify(headers)).not.toContain('of-the-caller');
    }
  });

  it('starts a trace when the caller has none', async () => {
    await app.ask('query Alone { accounts(first: 1) { nodes { name } } }');
    await waitFor(() => collector.spans.some(({ name }) => name === 'query Alone'));
    const [first] = collector.spans.filter(({ name }) => name === 'query Alone');
    expect(first).toMatchObject({ parentSpanId: '', kind: KIND.server });
    expect(app.vendorCalls().map(({ headers }) => headers['traceparent']?.split('-')[1])).toEqual([
      first?.traceId,
    ]);
  });

  it.each([
    '00-xyz-1-01',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    `x${CALLED.traceparent}`,
  ])('starts a trace for an invalid traceparent: %s', async (traceparent) => {
    await app.ask('query Odd { __typename }', { headers: { traceparent } });
    await waitFor(() => collector.spans.some(({ name }) => name === 'query Odd'));
    expect(collector.spans.filter(({ name }) => name === 'query Odd')).toMatchObject([{ parentSpanId: '' }]);
  });

  it('keeps the spans of concurrent operations apart', async () => {
    const traces = Array.from({ length: 20 }, (_, index) => String(index + 1).padStart(32, '0'));
    const calls: Readonly<Record<string, string>> = {
      contoso: 'SOFTWAREONE getAccount',
      'harbor-tea': 'ECWID getProfile',
      'harbour-cafe': 'WIX querySite',
    };
    const keys = Object.keys(calls);
    const keyOf = (index: number): string => keys[index % keys.length] ?? '';
    await Promise.all(
      traces.map((trace, index) =>
        app.ask(`query Q { account(id: "${keyOf(index)}") { name } }`, {
          headers: { traceparent: `00-${trace}-${CALLER}-01`, 'cache-control': 'no-cache' },
        }),
      ),
    );
    for (const [index, trace] of traces.entries())
      expect(treeOf(await spansOf(trace), CALLER)).toEqual({
        'query Q': { 'load profile': { [calls[keyOf(index)] ?? '']: null } },
      });
  });

  it('marks failed calls and skipped calls', async () => {
    app.emulators.softwareone.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '1' } });
    for (const name of ['First', 'Second'])
      await app.ask(`query ${name} { staffMember(id: "${MEMBER}") { id } }`, { headers: CALLED });
    await waitFor(() => collector.spans.some(({ name }) => name === 'query Second'));
    app.emulators.softwareone.faults.clear();
    const calls = collector.spans.filter(({ kind }) => kind === KIND.client);
    expect(calls.map(({ attributes }) => attributes['rollcall.outcome'])).toEqual(['throttled', 'notSent']);
    expect(app.vendorCalls()).toHaveLength(1);
  });

  it('sends the remaining spans at shutdown', async () => {
    const slow = await startServed({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_BSP_SCHEDULE_DELAY: '600000' },
    });
    extra.push(slow);
    await slow.ask('query Last { account(id: "contoso") { name } }');
    expect(collector.requests).toEqual([]);
    slow.process.signal('SIGTERM');
    expect(await slow.process.ended).toBe(0);
    expect(collector.spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['query Last', 'load profile', expect.stringMatching(/^SOFTWAREONE /)]),
    );
  });

  it('affects neither responses nor shutdown when the collector is unreachable', async () => {
    const alone = await startServed({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_BSP_SCHEDULE_DELAY: '10' },
    });
    extra.push(alone);
    for (let times = 0; times < 3; times++)
      expect((await alone.ask('{ account(id: "contoso") { name } }')).errors).toEqual([]);
    alone.process.signal('SIGTERM');
    expect(await alone.process.ended).toBe(0);
    expect(alone.process.stderr).toEqual([]);
  });
});

describe('tracing without a collector', () => {
  beforeAll(async () => {
    app = await startServed({ preload: [join(__dirname, 'preload', 'connections.cjs')] });
  });
  afterAll(() => closeAll(app));

  it('sends no trace headers to vendors', async () => {
    await app.ask('{ staffMembers(first: 100) { nodes { id } } }', { headers: CALLED });
    expect(app.vendorCalls().length).toBeGreaterThan(3);
    for (const { headers } of app.vendorCalls())
      expect(Object.keys(headers).filter((name) => /trace|baggage/.test(name))).toEqual([]);
  });

  it('opens no connection except to vendors, even at shutdown', async () => {
    await app.ask('{ staffMembers(first: 100) { nodes { id } } }', { headers: CALLED });
    app.process.signal('SIGTERM');
    expect(await app.process.ended).toBe(0);
    const vendors = Object.values(app.emulators.vendors).map(
      ({ baseUrl }) => `connects to port ${new URL(baseUrl).port}`,
    );
    expect([...new Set(app.process.stderr)].sort()).toEqual(vendors.sort());
    await app.restart();
  });

  describe('federated tracing (ftv1)', () => {
    const ask = async (query: string, include = 'ftv1') => {
      const { text } = await app.ask(query, { headers: { 'apollo-federation-include-trace': include } });
      return JSON.parse(text) as { data?: unknown; extensions?: { ftv1?: string } };
    };

    it('returns the resolved fields to a router that requests it', async () => {
      const { data, extensions } = await ask(
        `{ staffMember(id: "${MEMBER}") { name account { id name } } staffMembers(first: 0) { totalCount } }`,
      );
      expect(data).toMatchObject({ staffMember: { account: { id: 'contoso' } } });
      const trace = Trace.decode(Buffer.from(extensions?.ftv1 ?? '', 'base64'));
      const { root } = trace;
      const shape = (node: Trace.INode): unknown =>
        node.child?.length
          ? Object.fromEntries(node.child.map((child) => [child.responseName, shape(child)]))
          : `${node.parentType}: ${node.type}`;
      expect(root && shape(root)).toEqual({
        staffMember: {
          name: 'StaffMember: String',
          account: { id: 'Account: ID!', name: 'Account: String' },
        },
        staffMembers: 'Query: StaffMemberConnection',
      });
      const failed = root?.child?.find(({ responseName }) => responseName === 'staffMembers');
      expect(failed?.error).toHaveLength(1);
      expect(trace.durationNs).toBeGreaterThan(0);
    });

    it.each(['', 'ftv2'])('returns nothing for another header value: %j', async (word) => {
      expect(await ask('{ __typename }', word)).toEqual({ data: { __typename: 'Query' } });
    });

    it('returns nothing without a request for it', async () => {
      expect((await app.ask('{ __typename }')).text).toBe('{"data":{"__typename":"Query"}}\n');
    });
  });
});
