import type { Rollcall } from './start';

/** The metrics of an app in the Prometheus text format. */
export async function metricsText({ app }: Pick<Rollcall, 'app'>): Promise<string> {
  return (await fetch(new URL('/metrics', app.url))).text();
}

/** The sum of all samples of one metric whose labels include these. */
export async function metric(
  rollcall: Pick<Rollcall, 'app'>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return (await metricsText(rollcall))
    .split('\n')
    .filter((line) => /^[a-z_]+/.exec(line)?.[0] === name && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
