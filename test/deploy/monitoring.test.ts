import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { readSdl } from '../../src/graphql/schema';
import { createMetrics } from '../../src/metrics';
import { closeAll } from '../support/close-all';
import { metricsText } from '../support/metrics';
import { type Rollcall, startRollcall } from '../support/start';
import { parsePromql } from './promql';

const read = (file: string): string => readFileSync(join(__dirname, '..', '..', file), 'utf8');

const annotation = z.string().min(10);
const rules = z
  .strictObject({
    groups: z.array(
      z.strictObject({
        name: z.string().regex(/^rollcall-/),
        rules: z.array(
          z.strictObject({
            alert: z.string().regex(/^Rollcall[A-Z]\w+$/),
            expr: z.string(),
            for: z
              .string()
              .regex(/^\d+m$/)
              .optional(),
            labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
            annotations: z.strictObject({ summary: annotation, description: annotation }),
          }),
        ),
      }),
    ),
  })
  .parse(parseYaml(read('deploy/prometheus-rules.yaml')))
  .groups.flatMap((group) => group.rules);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const { panels } = JSON.parse(read('deploy/grafana-dashboard.json')) as { panels: readonly Panel[] };
const targets = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

describe('dashboards and alert rules', () => {
  /** Every series of Rollcall by its name, with the labels it can have and the words it is explained with. */
  const exposed = new Map<string, { labels: readonly string[]; words: readonly string[] }>();
  let rollcall: Rollcall;
  beforeAll(async () => {
    // It need not be there for its metric to be.
    rollcall = await startRollcall({ redis: 'redis://127.0.0.1:9' });
    const declared = createMetrics({
      connections: () => [],
      ledger: () => Promise.resolve(0),
      redis: () => false,
    }).registry;
    for (const line of (await metricsText(rollcall)).split('\n')) {
      const [, name = '', type = ''] = /^# TYPE (\w+) (\w+)$/.exec(line) ?? [];
      if (!name) continue;
      const { labelNames, help } = declared.getSingleMetric(name) as unknown as {
        labelNames: readonly string[];
        help: string;
      };
      const series = { labels: labelNames, words: help.match(/\w+/g) ?? [] };
      if (type !== 'histogram') exposed.set(name, series);
      else {
        exposed.set(`${name}_bucket`, { ...series, labels: [...labelNames, 'le'] });
        exposed.set(`${name}_count`, series);
        exposed.set(`${name}_sum`, series);
      }
    }
  });
  afterAll(() => closeAll(rollcall));

  /** Given by Prometheus itself. */
  const TARGET_LABELS = ['job', 'instance'];
  const enumValues = readSdl().definitions.flatMap((definition) =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION
      ? (definition.values ?? []).map(({ name }) => name.value)
      : [],
  );

  it.each([
    ...rules.map(({ alert, expr }) => ['alert', alert, expr] as const),
    ...targets.map(({ title, expr }) => ['panel', title, expr] as const),
  ])('query only exported metrics: %s %s', (_kind, _name, expression) => {
    const { selectors, groups } = parsePromql(expression);
    for (const { metric, matchers } of selectors) {
      const series = metric === 'up' ? { labels: [], words: [] } : exposed.get(metric);
      expect([metric, series !== undefined]).toEqual([metric, true]);
      const labels = [...TARGET_LABELS, ...(series?.labels ?? [])];
      expect(labels).toEqual(expect.arrayContaining([...groups, ...matchers.map(({ label }) => label)]));
      // Of several services in one Prometheus, this one.
      expect(matchers).toContainEqual({ label: 'job', value: 'rollcall' });
      const values = matchers.filter(({ label }) => label !== 'job').flatMap(({ value }) => value.split('|'));
      expect([...(series?.words ?? []), ...enumValues]).toEqual(expect.arrayContaining(values));
    }
  });

  it.each([
    ...rules.map(
      ({ alert, expr, annotations }) => [alert, expr, Object.values(annotations).join(' ')] as const,
    ),
    ...targets.map(({ title, expr, legendFormat }) => [title, expr, legendFormat] as const),
  ])('use only labels that remain after aggregation: %s', (_name, expression, text) => {
    const { groups, selectors } = parsePromql(expression);
    const isAggregated = /\b(sum|max)\b/.test(expression);
    const left = isAggregated
      ? groups
      : [...TARGET_LABELS, ...(exposed.get(selectors[0]?.metric ?? '')?.labels ?? [])];
    const named = [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label);
    expect(left).toEqual(expect.arrayContaining(named));
  });

  it('document every metric', () => {
    const own = [...exposed.keys()]
      .map((name) => name.replace(/_(bucket|count|sum)$/, ''))
      .filter((name) => !/^(process|nodejs)_/.test(name));
    const manual = read('docs/operations.md');
    expect(own.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('PromQL check', () => {
  it.each(['sum(rate(invite_writes_total[5m])', 'rate(x[5y', 'sum by (a (x)', ''])(
    'refuses %p',
    (expression) => {
      expect(() => parsePromql(expression)).toThrow();
    },
  );
});
