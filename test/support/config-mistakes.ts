import { ConfigError } from '../../src/config';

/** Stands for a secret: no message may hold it. */
export const CANARY = 'CANARY-4f1d';

/** One account of each vendor, as under `accounts:` in rollcall.yaml. */
export const ecwid = {
  key: 'harbor-tea',
  tenant: 'acme',
  vendor: 'ecwid',
  storeId: '7700142',
  token: 'secret_a',
};
export const wix = {
  key: 'harbour-cafe',
  tenant: 'acme',
  vendor: 'wix',
  siteId: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10',
  apiKey: 'IST.a',
};
export const softwareone = {
  key: 'contoso',
  tenant: 'acme',
  vendor: 'softwareone',
  accountId: 'ACC-4821-7730',
  token: 'idt:TKN-0000-0001:a',
};
/** All three. */
export const sampleAccounts = [ecwid, wix, softwareone];

/** The mistakes as a person reads them, one a line; anything but a ConfigError fails the test. */
export function mistakesOf(run: () => unknown): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').sort();
  }
}
