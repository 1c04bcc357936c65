import { type Config, readConfig } from '../../src/config';
import type { Emulators } from '../../src/emulators/start';

/** The instant at which every test begins, and to which the demo world's dates are relative. */
export const EPOCH = '2026-03-10T00:00:00.000Z';

/** A configuration over running emulators, in memory and on any free port; `more` stands beside or over that. */
export const configOf = (emulators: Emulators, more: object = {}): Config =>
  readConfig(
    {
      server: { host: '127.0.0.1', port: 0 },
      storage: 'memory:',
      vendors: emulators.vendors,
      accounts: emulators.accounts,
      ...more,
    },
    { env: {}, folder: '.', demo: true },
  );
