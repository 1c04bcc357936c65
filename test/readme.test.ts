import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Demo, startDemo } from '../src/demo';
import { RULES, UNREADABLE_RULES } from '../src/invites/rules';
import type { Capability, Vendor } from '../src/model';
import { closeAll } from './support/close-all';

const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');

/** The rows of the table between two marks, cell by cell; the head first, the rule below it left out. */
function tableOf(mark: string): string[][] {
  const [, text] = new RegExp(`<!-- ${mark}:begin -->([^]*?)<!-- ${mark}:end -->`).exec(readme) ?? [];
  const rows = (text ?? '').split('\n').filter((line) => line.startsWith('|'));
  return rows
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const code = (word: string): string => `\`${word}\``;

describe('README', () => {
  it('lists the invite rules of the code', () => {
    const word = (rule: string): string =>
      rule === 'YES' ? 'yes' : rule === 'CONSENT' ? `with ${code('acknowledgeDeclined')}` : code(rule);
    const row = (name: string, rules: (typeof RULES)['PENDING']): string[] => [
      name,
      word(rules.RESEND),
      word(rules.SEND_NEW),
      word(rules.REVOKE),
    ];

    expect(tableOf('rules')).toEqual([
      ['state', ...['resendInvite', 'sendNewInvite', 'revokeInvite'].map(code)],
      ...Object.entries(RULES).map(([status, rules]) => row(code(status), rules)),
      row('Wix, not remembered', UNREADABLE_RULES),
    ]);
  });

  describe('README: capabilities', () => {
    let demo: Demo;
    beforeAll(async () => {
      demo = await startDemo(pino({ enabled: false }), { port: '0' });
    });
    afterAll(() => closeAll(demo));

    it('match the capabilities that each vendor reports', async () => {
      const byVendor = await capabilitiesByVendor(demo.url);
      const operations = [...new Set([...byVendor.values()].flat().map(({ operation }) => operation))];
      const cell = (vendor: Vendor, operation: string): string => {
        const found = byVendor.get(vendor)?.find((each) => each.operation === operation);
        return found ? `${code(found.support)}${found.note ? `: ${found.note}` : ''}` : '';
      };

      expect(tableOf('capabilities')).toEqual([
        ['operation', 'Ecwid', 'SoftwareOne', 'Wix'],
        ...operations.map((operation) => [
          code(operation),
          cell('ECWID', operation),
          cell('SOFTWAREONE', operation),
          cell('WIX', operation),
        ]),
      ]);
    });
  });
});

async function capabilitiesByVendor(url: string): Promise<Map<Vendor, readonly Capability[]>> {
  const query = '{ accounts { nodes { vendor capabilities { operation support note } } } }';
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await answer.json()) as {
    data: { accounts: { nodes: { vendor: Vendor; capabilities: Capability[] }[] } };
  };
  return new Map(data.accounts.nodes.map(({ vendor, capabilities }) => [vendor, capabilities]));
}
