import type { SeenRequest } from '../../src/emulators/start';
import type { Rollcall } from './start';

/** How many calls each account's vendor saw, by account key. */
export function callsByAccount({ emulators, vendorRequests }: Rollcall): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { path, headers } of vendorRequests()) {
    const account = emulators.accounts.find((each) => {
      if (each.vendor === 'ecwid') return path.split('/').includes(each.storeId);
      if (each.vendor === 'softwareone') return headers['authorization'] === `Bearer ${each.token}`;
      return headers['authorization'] === each.apiKey;
    });
    const key = account?.key ?? 'nobody';
    calls[key] = (calls[key] ?? 0) + 1;
  }
  return calls;
}

// Wix asks for its sites with a POST.
const isRead = ({ method, path }: SeenRequest): boolean => method === 'GET' || path.endsWith('/sites/query');

/** The requests that only read. */
export const reads = ({ vendorRequests }: Rollcall): SeenRequest[] => vendorRequests().filter(isRead);

/** The requests that may have changed something. */
export const writes = ({ vendorRequests }: Rollcall): SeenRequest[] =>
  vendorRequests().filter((request) => !isRead(request));

/** Collects figures as they are counted, to be printed when all are. */
export function createTable() {
  const rows: { operation: string; calls: string; allowed: string }[] = [];
  return {
    note: (operation: string, calls: number | string, allowed: number | string): void => {
      rows.push({ operation, calls: String(calls), allowed: String(allowed) });
    },
    print: (): void => {
      const width = Math.max(...rows.map(({ operation }) => operation.length));
      const lines = [{ operation: 'operation', calls: 'calls', allowed: 'allowed' }, ...rows].map(
        ({ operation, calls, allowed }) =>
          `  ${operation.padEnd(width)}  ${calls.padStart(8)}  ${allowed.padStart(8)}`,
      );
      process.stdout.write(`${['', 'Vendor calls, as the vendors saw them', ...lines, ''].join('\n')}\n`);
    },
  };
}
