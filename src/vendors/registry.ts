import { z } from 'zod';
import { nameUnknownKeys } from '../config/explain-issue';
import type { Vendor } from '../model';
import type { ConfiguredAccount, VendorDefinition } from './definition';
import { ecwid } from './ecwid/provider';
import { softwareone } from './softwareone/provider';
import { wix } from './wix/provider';

/** Every vendor we speak to. `satisfies` fails the build while this list and the schema's enum differ. */
export const registry = { ECWID: ecwid, SOFTWAREONE: softwareone, WIX: wix } satisfies Record<
  Vendor,
  VendorDefinition
>;

/** All vendors, in the order of their names. */
export const vendors = Object.keys(registry) as Vendor[];

const schemas = new Map(vendors.map((vendor) => [vendor.toLowerCase(), registry[vendor].account(vendor)]));
const namesVendor = z.object({ vendor: z.enum([...schemas.keys()]) });

/** One entry of `accounts:`; its `vendor` decides what else it must say. */
export const accountSchema = z.unknown().transform((entry, context): ConfiguredAccount => {
  const named = namesVendor.safeParse(entry);
  const parsed = schemas.get(named.data?.vendor ?? '')?.safeParse(entry, { error: nameUnknownKeys });
  if (parsed?.success) return parsed.data;
  for (const issue of (parsed ?? named).error?.issues ?? [])
    context.issues.push({ ...issue, input: undefined });
  return z.NEVER;
});
