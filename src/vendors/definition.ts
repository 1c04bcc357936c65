import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ACCOUNT_KEY } from '../ids';
import type { Account, Capability, Operation, Support, Vendor } from '../model';
import type { Provider, ProviderParts } from './provider';

/** A vendor, as the registry knows it. */
export interface VendorDefinition {
  /** The vendor's real address. */
  readonly baseUrl: string;
  /** Reads one entry of `accounts:` in rollcall.yaml. */
  readonly account: (vendor: Vendor) => z.ZodType<ConfiguredAccount>;
}

/** An account with the way to talk to its vendor. The credential is nowhere but inside `connect`. */
export interface ConfiguredAccount extends Account, Connection {
  /** Tells a credential from its successor, without telling it. */
  readonly fingerprint: string;
}

/** What a vendor makes of an account's settings. */
export interface Connection {
  /** The vendor's own id of the account. */
  readonly externalId: string;
  connect(parts: ProviderParts): Provider;
}

/** Defines a vendor by its address, the settings an account of it needs, and what to make of them. */
export function defineVendor<Settings extends z.ZodRawShape>(vendor: {
  baseUrl: string;
  settings: Settings;
  open(settings: z.infer<z.ZodObject<Settings>>): Connection;
}): VendorDefinition {
  const common = {
    key: z
      .string('is missing')
      .regex(ACCOUNT_KEY, 'must be lower-case letters, digits and dashes, at most 63'),
    tenant: z.string('is missing').min(1, 'is empty').max(128, 'is too long'),
  };
  return {
    baseUrl: vendor.baseUrl,
    account: (name) =>
      z
        .strictObject({ ...common, vendor: z.literal(name.toLowerCase()), ...vendor.settings })
        .transform((entry) => {
          // The types of a spread shape are beyond the compiler; the schema above has just checked them.
          const { key, tenant, ...settings } = entry as unknown as { key: string; tenant: string };
          const connection = vendor.open(settings as unknown as z.infer<z.ZodObject<Settings>>);
          const fingerprint = createHash('sha256').update(JSON.stringify(settings)).digest('base64url');
          return { ...connection, id: key, tenant, vendor: name, fingerprint };
        }),
  };
}

/** A token or key: printable ASCII, because it goes into a header. Its value is in no message. */
export const credential = z
  .string('is missing')
  .min(1, 'is empty')
  .max(4096, 'is too long')
  .regex(/^[\x21-\x7e]*$/, 'has spaces, control characters or other bytes that no header may carry');

/** The capability table of an account, in the schema's form; every operation must be answered for. */
export const capabilities = (
  table: Record<Operation, readonly [Support, string | null]>,
): readonly Capability[] =>
  Object.entries(table).map(([operation, [support, note]]) => ({
    operation: operation as Operation,
    support,
    note,
  }));
