import { isObject, isStrings, type JsonObject } from '../shell/json';
import { Refused, type Route, type VendorRequest } from '../shell/vendor';
import { validationError } from './answers';
import { readBody, type EnterSite } from './invite-routes';
import { wixRoles } from './model';
import type { SiteBook } from './store';

/** Lets an account-level request in: the sites of its account, or a refusal. */
export type EnterAccount = (request: VendorRequest) => readonly SiteBook[];

/** Contributors, roles, the list of sites and a site's properties. */
export function siteRoutes(enterSite: EnterSite, enterAccount: EnterAccount): readonly Route[] {
  const contributors = (request: VendorRequest) => {
    const asked = new URLSearchParams(request.query).getAll('filter.policyIds');
    const found = enterSite(request)
      .contributors()
      .filter(({ policyIds }) => asked.length === 0 || policyIds.some((id) => asked.includes(id)));
    // The name of the field with the owner's id is unknown, so it is left out.
    return ok({ contributors: found.map(({ accountId }) => ({ accountId })) });
  };

  const roles = (request: VendorRequest) => {
    enterAccount(request);
    const level = new URLSearchParams(request.query).get('filter.roleLevel') ?? 'ALL';
    const barred = level === 'SITE_LEVEL' ? 'Site' : level === 'ACCOUNT_LEVEL' ? 'Account' : null;
    const shown = wixRoles.filter(({ restrictFromLevel }) => barred === null || restrictFromLevel !== barred);
    const wire = (wanted: boolean) =>
      shown.filter(({ custom = false }) => custom === wanted).map((role) => ({ ...role, custom: undefined }));
    return ok({ predefinedRoles: wire(false), customRoles: wire(true) });
  };

  const sites = (request: VendorRequest) => ok(querySites(enterAccount(request), readBody(request)));

  const properties = (request: VendorRequest) => {
    const { displayName } = enterSite(request).seed;
    return ok({
      version: '1',
      properties: {
        siteDisplayName: displayName,
        businessName: displayName,
        language: 'en',
        locale: { languageCode: 'en', country: 'GB' },
        timeZone: 'Europe/London',
        paymentCurrency: 'GBP',
      },
    });
  };

  return [
    { method: 'GET', path: '/roles-management/v2/contributors/query', handle: contributors },
    { method: 'GET', path: '/roles-management/roles', handle: roles },
    { method: 'POST', path: '/site-list/v2/sites/query', handle: sites },
    { method: 'GET', path: '/site-properties/v4/properties', handle: properties },
  ];
}

const ok = (body: unknown) => ({ status: 200, body });

function querySites(books: readonly SiteBook[], body: JsonObject): JsonObject {
  const query = objectAt(body, 'query');
  const paging = objectAt(query, 'cursorPaging');
  const limit = paging['limit'] ?? 100;
  if (!Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > 100) {
    throw new Refused(validationError('query.cursorPaging.limit', 'must be from 1 to 100'));
  }
  const { filter, from } = typeof paging['cursor'] === 'string' ? readCursor(paging['cursor']) : start(query);
  const found = books.map(toSite).filter((site) => matches(site, filter));
  const to = from + Number(limit);
  const hasNext = to < found.length;
  const cursors = hasNext ? { next: writeCursor({ filter, from: to }) } : {};
  return { sites: found.slice(from, to), metadata: { hasNext, cursors } };
}

interface Position {
  readonly filter: JsonObject;
  readonly from: number;
}

/** Only sites of the namespace WIX are seen unless others are asked for. */
const start = (query: JsonObject): Position => ({
  filter: { namespace: 'WIX', ...objectAt(query, 'filter') },
  from: 0,
});

const writeCursor = (position: Position) => Buffer.from(JSON.stringify(position)).toString('base64url');

function readCursor(cursor: string): Position {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isObject(parsed) && isObject(parsed['filter']) && typeof parsed['from'] === 'number') {
      return { filter: parsed['filter'], from: parsed['from'] };
    }
  } catch {
    // Falls through to the refusal of anything that is no cursor.
  }
  throw new Refused(validationError('query.cursorPaging.cursor', 'is not a cursor'));
}

function objectAt(object: JsonObject, field: string): JsonObject {
  const value = object[field] ?? {};
  if (!isObject(value)) throw new Refused(validationError(field, 'must be an object'));
  return value;
}

/** Filterable fields, as far as the emulator goes; the dates and `displayName` are for sorting only. */
const filterable = ['id', 'name', 'published', 'namespace'];

function matches(site: JsonObject, filter: JsonObject): boolean {
  return Object.entries(filter).every(([field, wanted]) => {
    if (!filterable.includes(field))
      throw new Refused(validationError(`query.filter.${field}`, 'cannot be filtered on'));
    const value = site[field];
    if (!isObject(wanted)) return value === wanted;
    return Object.entries(wanted).every(([operator, operand]) => {
      if (operator === '$eq') return value === operand;
      if (operator === '$in' && isStrings(operand)) return operand.some((one) => one === value);
      throw new Refused(validationError(`query.filter.${field}`, `${operator} is not understood`));
    });
  });
}

function toSite({ seed, contributors }: SiteBook): JsonObject {
  const { id, name, displayName, createdDate, published, ownerAccountId, namespace } = seed;
  return {
    id,
    name,
    displayName,
    createdDate,
    updatedDate: createdDate,
    published,
    premium: published,
    viewUrl: published ? `https://${name}.example/` : '',
    editUrl: `/editor/${id}`,
    ownerAccountId,
    contributorAccountIds: contributors().map(({ accountId }) => accountId),
    editorType: 'EDITOR',
    blocked: false,
    namespace,
    domainConnected: published,
  };
}
