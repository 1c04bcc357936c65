import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'graphql';
import { parse as parseYaml } from 'yaml';
import './router-secret';
import { gatewayConfig } from '../../deploy/gateway.config';
import { duration } from '../../src/config/values';
import { at } from '../support/at';
import { composers } from '../support/composers';
import { configOf } from '../support/config';
import { startEmulators } from '../../src/emulators/start';

const ROOT = join(__dirname, '..', '..');
const read = (file: string): unknown => parseYaml(readFileSync(join(ROOT, 'deploy', file), 'utf8'));
const router = read('router.yaml');

describe('federation router configuration: Apollo Router', () => {
  it('has a vendor timeout above the deadline of the subgraph, and a request timeout above both', async () => {
    const emulators = await startEmulators();
    const { limits } = configOf(emulators, { limits: { operationDeadline: '8s' } });
    await emulators.close();
    const subgraph = duration.parse(at(router, 'traffic_shaping.subgraphs.rollcall.timeout'));
    const whole = duration.parse(at(router, 'traffic_shaping.router.timeout'));

    expect(subgraph).toBeGreaterThan(limits.operationDeadline);
    expect(whole).toBeGreaterThan(subgraph);
    expect(at(router, 'limits.http_max_request_bytes')).toBe(limits.requestBytes);
  });

  it('forwards the token, the correlation id and cache-control, and sends the router secret to Rollcall alone', () => {
    expect(at(router, 'headers.all.request.*.propagate.named')).toEqual([
      'authorization',
      'x-request-id',
      'cache-control',
    ]);
    expect(at(router, 'headers.subgraphs')).toEqual({
      rollcall: { request: [{ insert: { name: 'router-authorization', value: '${env.ROUTER_SECRET}' } }] },
    });
  });

  it('configures no retries', () => {
    expect(readFileSync(join(ROOT, 'deploy', 'router.yaml'), 'utf8')).not.toMatch(/^\s*\w*retry\w*:/m);
  });

  it('lets only the error messages of Rollcall through (error masking)', () => {
    expect(at(router, 'include_subgraph_errors')).toEqual({ all: false, subgraphs: { rollcall: true } });
  });
});

describe('federation router configuration: Hive Gateway', () => {
  it('has the same timeout and no retries', () => {
    expect(gatewayConfig.upstreamTimeout).toBe(
      duration.parse(at(router, 'traffic_shaping.subgraphs.rollcall.timeout')),
    );
    expect(gatewayConfig.requestDeadline).toBe(duration.parse(at(router, 'traffic_shaping.router.timeout')));
    expect(Object.keys(gatewayConfig).filter((key) => /retry/i.test(key))).toEqual([]);
  });
});

describe('federation router configuration: rover supergraph', () => {
  const subgraphs = at(read('supergraph.yaml'), 'subgraphs') as Record<
    string,
    { routing_url: string; schema: { file: string } }
  >;

  it.each(Object.entries(composers))('composes with %s, without scopes for the router', (_name, compose) => {
    const script = join(ROOT, 'scripts', 'print-schema.mjs');
    const printed = spawnSync(process.execPath, [script, '--without-scopes'], { encoding: 'utf8' });
    const rollcall = printed.stdout;
    expect(rollcall).toContain('type Account @key(fields: "id")');
    expect(rollcall).not.toMatch(/requiresScopes|authenticated/);

    const { errors } = compose(
      Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => ({
        name,
        url,
        typeDefs: parse(name === 'rollcall' ? rollcall : readFileSync(inDeploy(schema.file), 'utf8')),
      })),
    );
    expect(errors).toEqual([]);
  });

  it('references files that exist, or that the preceding command creates', () => {
    expect(dirname(inDeploy(subgraphs['rollcall']?.schema.file ?? ''))).toBe(join(ROOT, 'deploy'));
    expect(existsSync(inDeploy(subgraphs['desk']?.schema.file ?? ''))).toBe(true);
  });

  const inDeploy = (file: string): string => resolve(ROOT, 'deploy', file);
});
