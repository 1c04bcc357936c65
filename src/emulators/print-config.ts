import type { DemoAccount } from './accounts';
import type { Emulators } from './start';

/** The `vendors:` and `accounts:` of a configuration file that points at running emulators. */
export function configFragment({ vendors, accounts }: Pick<Emulators, 'vendors' | 'accounts'>): string {
  const lines = ['vendors:'];
  for (const [name, { baseUrl }] of Object.entries(vendors))
    lines.push(`  ${name}: { baseUrl: ${quoted(baseUrl)} }`);
  lines.push('accounts:', ...accounts.flatMap(accountLines));
  return `${lines.join('\n')}\n`;
}

const accountLines = (account: DemoAccount) =>
  Object.entries(account).map(
    ([name, value], index) => `${index === 0 ? '  - ' : '    '}${name}: ${quoted(String(value))}`,
  );

/** JSON strings are YAML strings, and never read as numbers. */
const quoted = (text: string) => JSON.stringify(text);
