/** A row of `staffList`, as Ecwid writes it. Rows of people who have not joined may lack `id` and `name`. */
export interface EcwidStaffRow {
  id?: string;
  name?: string;
  email: string;
  staffScopes: string[];
  inviteAccepted: boolean;
}

/** One store as the world describes it. */
export interface EcwidStore {
  /** The account key. */
  readonly key: string;
  readonly storeId: string;
  readonly token: string;
  readonly suspended: boolean;
  /** What `GET /profile` answers. */
  readonly profile: Readonly<Record<string, unknown>>;
  /** The scopes that exist in this store. */
  readonly scopes: readonly string[];
  readonly staff: readonly EcwidStaffRow[];
}

/** The seven permissions; which of them a store has is said by `GET /profile/staffScopes`. */
export const everyScope = [
  'SALES_MANAGEMENT',
  'CATALOG_MANAGEMENT',
  'MARKETING_MANAGEMENT',
  'REPORT_ACCESS',
  'WEBSITE_MANAGEMENT',
  'SALES_CHANNELS_MANAGEMENT',
  'STORE_MANAGEMENT',
] as const;

/** One of the seven. */
export type EcwidScope = (typeof everyScope)[number];
