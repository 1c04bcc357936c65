import { type Config, readConfig } from '../../src/config';
import type { Emulators } from '../../src/emulators/start';

/** The instant at which every test begins, and to which the demo world's dates are relative. */
export const EPOCH = '2026-03-10T00:00:00.000Z';

/** Time limits that a healthy vendor keeps on a busy machine too; a test of a limit sets its own. */
export const PATIENT_LIMITS = {
  operationDeadline: '30s',
  softDeadline: '30s',
  readTimeout: '30s',
  // Half of an attempt's lease, which is 30 s then.
  writeTimeout: '15s',
  connectTimeout: '30s',
} as const;

/** A configuration over running emulators, in memory and on any free port; `more` stands beside or over that. */
export const configOf = (
  emulators: Emulators,
  { limits, ...more }: { readonly limits?: object; readonly [section: string]: unknown } = {},
): Config =>
  readConfig(
    {
      server: { host: '127.0.0.1', port: 0 },
      storage: 'memory:',
      vendors: emulators.vendors,
      accounts: emulators.accounts,
      limits: { ...PATIENT_LIMITS, ...limits },
      ...more,
    },
    { env: {}, folder: '.', demo: true },
  );
