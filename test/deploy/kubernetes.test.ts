import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { at } from '../support/at';
import { manifestMistakes } from './manifest-types';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'deploy', 'kubernetes');
const read = (file: string): unknown => parseYaml(readFileSync(join(FOLDER, file), 'utf8'));

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}
const kustomization = read('kustomization.yaml') as {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
  readonly images: readonly { readonly name: string }[];
};
const manifest = (file: string) => read(file) as Manifest;
const deployment = manifest('deployment.yaml');
const pod = at(deployment, 'spec.template');
const container = at(pod, 'spec.containers.0');
const labels = at(pod, 'metadata.labels');

describe('Kubernetes manifests', () => {
  it('are all listed in the kustomization', () => {
    const files = [
      ...kustomization.resources,
      ...kustomization.configMapGenerator.flatMap((map) => map.files),
    ];
    expect(readdirSync(FOLDER).sort()).toEqual([...files, 'kustomization.yaml'].sort());
  });

  it.each(kustomization.resources)('match the types of the Kubernetes API: %s', (file) => {
    expect(manifestMistakes(manifest(file))).toEqual([]);
  });

  it.each<[string, (broken: Record<string, unknown>) => void, RegExp]>([
    ['a key that does not exist', (broken) => (broken['replicaCount'] = 2), /replicaCount"' does not exist/],
    ['a wrong type', (broken) => (broken['replicas'] = '2'), /'string' is not assignable to type 'number'/],
    ['something missing', (broken) => delete broken['selector'], /selector"' is missing/],
  ])('fail the type check with %s', (_what, breakIt, told) => {
    const broken = structuredClone(deployment) as Manifest & { spec: Record<string, unknown> };
    breakIt(broken.spec);
    expect(manifestMistakes(broken).join('\n')).toMatch(told);
  });

  it('select the same pods everywhere', () => {
    expect(labels).toEqual({ 'app.kubernetes.io/name': 'rollcall' });
    expect(at(deployment, 'spec.selector.matchLabels')).toEqual(labels);
    expect(at(manifest('service.yaml'), 'spec.selector')).toEqual(labels);
    expect(at(manifest('pod-disruption-budget.yaml'), 'spec.selector.matchLabels')).toEqual(labels);
    expect(at(manifest('network-policy.yaml'), 'spec.podSelector.matchLabels')).toEqual(labels);
    expect(at(manifest('horizontal-pod-autoscaler.yaml'), 'spec.scaleTargetRef.name')).toBe('rollcall');
    expect(kustomization.images.map(({ name }) => name)).toEqual([at(container, 'image')]);
  });

  it('reference the generated configuration, and the program starts with it', () => {
    const [{ name, files } = { name: '', files: [] }] = kustomization.configMapGenerator;
    expect(at(pod, 'spec.volumes.0.configMap.name')).toBe(name);
    const mounted = `${String(at(container, 'volumeMounts.0.mountPath'))}/${files[0]}`;
    expect(at(container, 'args')).toEqual(['node', 'dist/main.js', '--config', mounted]);
    const port = at(read('rollcall.yaml'), 'server.port');
    expect(at(container, 'ports')).toEqual([{ name: 'http', containerPort: port }]);
    expect(at(manifest('service.yaml'), 'spec.ports.0.port')).toBe(port);
  });

  it('set a termination grace period long enough for graceful shutdown', () => {
    const [, seconds] = at(container, 'lifecycle.preStop.exec.command') as [string, string];
    const grace = Number(at(pod, 'spec.terminationGracePeriodSeconds'));
    expect(grace).toBeGreaterThan(15);
    expect(grace - Number(seconds)).toBeGreaterThan(15);
  });

  it('drop every privilege that the process does not need', () => {
    expect(at(pod, 'spec.securityContext.runAsNonRoot')).toBe(true);
    expect(at(pod, 'spec.automountServiceAccountToken')).toBe(false);
    expect(at(container, 'securityContext')).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });
});

describe('Kubernetes pod configuration', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-pod-'));
    for (const part of ['config', 'secrets']) mkdirSync(join(folder, part));
    cpSync(join(FOLDER, 'rollcall.yaml'), join(folder, 'config', 'rollcall.yaml'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const check = (): { status: number | null; said: string } => {
    const config = join(folder, 'config', 'rollcall.yaml');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'dist', 'main.js'), '--config', config, '--check'],
      { encoding: 'utf8', env: { NODE_ENV: 'production' } },
    );
    return { status, said: stdout + stderr };
  };

  it('is valid with its secrets', () => {
    const secrets = {
      'router-secret': 'a secret of more than sixteen characters',
      'database-url': 'postgres://rollcall:password@db/rollcall',
      'harbor-tea-token': 'secret_abc',
      'wix-api-key': 'IST.abc',
      'contoso-token': 'idt:TKN-1234-5678:abc',
    };
    for (const [name, value] of Object.entries(secrets))
      writeFileSync(join(folder, 'secrets', name), `${value}\n`);
    const valid = { status: 0, said: 'The configuration is valid.\n' };
    expect(check()).toEqual(valid);

    const file = join(folder, 'config', 'rollcall.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('# redis:', 'redis:'));
    expect(check().said).toMatch(/^redis: .*redis-url cannot be read/m);
    writeFileSync(join(folder, 'secrets', 'redis-url'), 'rediss://rollcall:password@redis:6380/1\n');
    expect(check()).toEqual(valid);
  });

  it('reports missing secrets by name', () => {
    const { status, said } = check();
    expect(status).toBe(1);
    expect(said.match(/\.\.\/secrets\/[\w-]+ cannot be read/g)).toHaveLength(5);
  });
});
