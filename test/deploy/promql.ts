import { parser } from '@prometheus-io/lezer-promql';

/** What one selector of a PromQL expression asks for. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly value: string }[];
}

/** An expression, as far as it can be held against what is exposed. */
export interface Promql {
  readonly selectors: readonly Selector[];
  /** Labels that it groups by. */
  readonly groups: readonly string[];
}

/** Parses with Prometheus' own grammar; throws at the first thing that is not PromQL. */
export function parsePromql(expression: string): Promql {
  // Grafana puts a duration in its place before Prometheus sees it.
  const text = expression.replaceAll('$__rate_interval', '5m');
  const selectors: { metric: string; matchers: { label: string; value: string }[] }[] = [];
  const groups: string[] = [];
  parser.parse(text).iterate({
    enter: (node) => {
      const said = text.slice(node.from, node.to);
      if (node.type.isError)
        throw new Error(`no PromQL at "${text.slice(node.from - 10, node.to + 10)}": ${text}`);
      if (node.name === 'VectorSelector')
        selectors.push({ metric: /^\w+/.exec(said)?.[0] ?? '', matchers: [] });
      if (node.name === 'UnquotedLabelMatcher') {
        const [, label = '', value = ''] = /^(\w+)\s*[=!~]+\s*"(.*)"$/.exec(said) ?? [];
        selectors.at(-1)?.matchers.push({ label, value });
      }
      if (node.name === 'LabelName' && node.node.parent?.name === 'GroupingLabels') groups.push(said);
    },
  });
  if (selectors.length === 0) throw new Error(`nothing is selected: ${text}`);
  return { selectors, groups };
}
