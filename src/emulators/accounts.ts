/** An Ecwid account as a configuration file names it. */
export interface EcwidAccount {
  key: string;
  tenant: string;
  vendor: 'ecwid';
  storeId: string;
  token: string;
}

/** A SoftwareOne account as a configuration file names it. */
export interface SoftwareOneAccount {
  key: string;
  tenant: string;
  vendor: 'softwareone';
  accountId: string;
  token: string;
}

/** A Wix account as a configuration file names it. */
export interface WixAccount {
  key: string;
  tenant: string;
  vendor: 'wix';
  siteId: string;
  wixAccountId?: string;
  apiKey: string;
}

/** An emulated account, ready to stand under `accounts:` in a configuration file. */
export type DemoAccount = EcwidAccount | SoftwareOneAccount | WixAccount;
