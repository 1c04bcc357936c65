import { resolve } from 'node:path';
import { z } from 'zod';
import type { Storage } from '../ledger/database';
import { accountSchema, registry, vendors } from '../vendors/registry';
import { authSchema } from './auth';
import { baseUrl, duration, flag, integer, origin, redisUrl } from './values';

const server = z.strictObject({
  host: z.string('must be a host name or address').min(1, 'is empty').optional(),
  port: integer(0, 65535).default(4000),
  corsOrigins: z.array(origin).default([]),
  landingPage: flag.optional(),
  introspection: flag.optional(),
  drainDelay: duration.default(0),
  routerSecret: z.string().min(16, 'must be at least 16 characters').max(1024, 'is too long').optional(),
});

const limits = z.strictObject({
  operationDeadline: duration.default(8000),
  softDeadline: duration.default(2000),
  readTimeout: duration.default(3000),
  writeTimeout: duration.default(6000),
  connectTimeout: duration.default(2000),
  responseBytes: integer(1024, 1 << 30).default(2 << 20),
  requestBytes: integer(1024, 64 << 20).default(256 << 10),
  depth: integer(1, 1000).default(10),
  aliases: integer(0, 100_000).default(15),
  rootMutations: integer(1, 1000).default(5),
  tokens: integer(10, 1_000_000).default(1000),
  directives: integer(0, 100_000).default(50),
  representations: integer(1, 100_000).default(500),
  concurrencyPerAccount: integer(1, 1000).default(8),
  cacheTtl: duration.default(5000),
  staleTtl: duration.default(300_000),
  cooldown: duration.default(60_000),
  emailsPerInvitePerDay: integer(0, 1_000_000).default(10),
  emailsPerAccountPerHour: integer(0, 1_000_000).default(200),
  idempotencyTtl: duration.default(86_400_000),
  documentBytes: integer(1024, 16 << 20).default(32 << 10),
  nodes: integer(1, 100_000_000).default(20_000),
  vendorCalls: integer(1, 1_000_000).default(500),
  listItems: integer(1, 1_000_000).default(1000),
  answerBytes: integer(1024, 1 << 30).default(16 << 20),
  connections: integer(1, 1_000_000).default(10_000),
});

const vendorUrls = z.strictObject(
  Object.fromEntries(
    vendors.map((vendor) => [
      vendor.toLowerCase(),
      z.strictObject({ baseUrl: baseUrl.default(registry[vendor].baseUrl) }).prefault({}),
    ]),
  ),
);

const storage = (folder: string) =>
  z.string('must be an address').transform((text, context): Storage => {
    if (text === 'memory:') return { kind: 'memory' };
    if (text.startsWith('sqlite:') && text.length > 7)
      return { kind: 'sqlite', file: resolve(folder, text.slice(7)) };
    if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return { kind: 'postgres', url: text };
    context.issues.push({
      code: 'custom',
      message: 'must be sqlite:<file>, postgres://… or memory:',
      input: undefined,
    });
    return z.NEVER;
  });

/** A check that also runs where other checks have failed, so that all mistakes are named together. */
const EVEN_SO = { when: ({ value }: { readonly value: unknown }) => Array.isArray(value) };

const isRead = (account: unknown): boolean =>
  typeof account === 'object' && account !== null && 'externalId' in account && 'connect' in account;

const accounts = z
  .array(accountSchema, 'must be a list')
  .min(1, 'is empty: at least one account is needed')
  .superRefine((list, context) => {
    const first = new Map<string, number>();
    for (const [index, account] of list.entries()) {
      // Accounts with a mistake come as they were written.
      if (!isRead(account)) continue;
      const { tenant, vendor, externalId } = account;
      const what = JSON.stringify([tenant, vendor, externalId]);
      const same = first.get(what);
      if (same === undefined) first.set(what, index);
      else
        context.addIssue({
          code: 'custom',
          path: [index],
          message: `is the same account of the same tenant as accounts[${same}]`,
        });
    }
  }, EVEN_SO);

/** rollcall.yaml: names, shapes and defaults. Unknown keys are mistakes. */
export const configSchema = (folder: string) =>
  z
    .strictObject({
      server: server.prefault({}),
      auth: authSchema(folder).optional(),
      storage: storage(folder).prefault('sqlite:./data/rollcall.db'),
      redis: redisUrl.optional(),
      vendors: vendorUrls.prefault({}),
      limits: limits.prefault({}),
      accounts,
    })
    // Without tokens everybody sees everything: then nobody but this machine may ask.
    .transform((config) => ({
      ...config,
      server: { ...config.server, host: config.server.host ?? (config.auth ? '0.0.0.0' : '127.0.0.1') },
    }));

/** The configuration, read and complete. Credentials are not in it: they stay inside each account's `connect`. */
export type Config = z.infer<ReturnType<typeof configSchema>>;

/** Durations in milliseconds, sizes in bytes. */
export type Limits = Config['limits'];
