/** One field of a resource: what may be asked of it, and what is shown of it unasked. */
export interface Field {
  readonly kind: 'text' | 'date' | 'number' | 'flag' | 'object' | 'reference' | 'collection';
  /** Shown wherever its owner is merely referred to. */
  readonly core?: true;
  /** Left out of an answer until it is selected. */
  readonly omitted?: true;
  /** Neither filtered nor ordered by. */
  readonly closed?: true;
  /** For objects, references and collections of either; lazy, as resources refer to each other. */
  readonly fields?: () => Shape;
}

/** The fields of a resource. */
export type Shape = Readonly<Record<string, Field>>;

/** A resource with every field there is; getters make it cheap to have more than is asked for. */
export type Row = Readonly<Record<string, unknown>>;

const text: Field = { kind: 'text' };
const coreText: Field = { kind: 'text', core: true };
const date: Field = { kind: 'date' };
const icon: Field = { kind: 'text', core: true, closed: true };
const refTo = (fields: () => Shape): Field => ({ kind: 'reference', fields });
const listOf = (fields: () => Shape): Field => ({ kind: 'collection', fields });
const partOf = (fields: Shape): Field => ({ kind: 'object', fields: () => fields });

const actor = partOf({ id: text, name: text });
const event = partOf({ at: date, by: actor });

const membershipAudit: Field = {
  ...partOf({
    created: event,
    updated: event,
    invited: event,
    access: event,
    joined: event,
    invitationAcceptedAt: date,
  }),
  omitted: true,
};

const plainAudit: Field = { ...partOf({ created: event, updated: event }), omitted: true };

/** A tenant: `groups` and `audit` are shown on request only. */
export const accountShape: Shape = {
  id: coreText,
  name: coreText,
  icon,
  type: coreText,
  status: coreText,
  serviceLevel: text,
  externalId: text,
  externalName: text,
  website: text,
  description: text,
  technicalSupportEmail: text,
  address: partOf({ addressLine1: text, postCode: text, city: text, state: text, country: text }),
  defaultLanguageCode: text,
  groups: { kind: 'collection', omitted: true, fields: () => groupShape },
  audit: plainAudit,
};

/** A user group. */
export const groupShape: Shape = {
  id: coreText,
  name: coreText,
  description: coreText,
  isDefault: { kind: 'flag', core: true },
  account: refTo(() => accountShape),
  modules: listOf(() => moduleShape),
  audit: plainAudit,
};

const moduleShape: Shape = {
  id: coreText,
  name: coreText,
  description: coreText,
  filters: { kind: 'object', core: true, closed: true },
  settings: {
    kind: 'object',
    core: true,
    closed: true,
  },
};

const buyerShape: Shape = { id: coreText, name: coreText, icon };

/** A person across accounts. */
export const userShape: Shape = {
  id: coreText,
  name: coreText,
  icon,
  email: text,
  status: text,
  firstName: text,
  lastName: text,
  phone: partOf({ prefix: text, number: text }),
  lastLoginAt: date,
  settings: { kind: 'object', closed: true },
  currentAccount: refTo(() => accountShape),
  accounts: { kind: 'collection', omitted: true, fields: () => accountShape },
};

const invitation: Field = {
  kind: 'object',
  fields: () => ({ status: text, url: { kind: 'text', closed: true } }),
};

/** A membership by its own id. */
export const membershipShape: Shape = {
  id: coreText,
  user: refTo(() => userShape),
  account: refTo(() => accountShape),
  invitation,
  groups: listOf(() => groupShape),
  buyers: listOf(() => buyerShape),
  modules: listOf(() => moduleShape),
  lastLoginAt: date,
  audit: membershipAudit,
};

/** The same membership seen from its account: the user's own fields on top, under the user's id. */
export const accountUserShape: Shape = {
  ...userShape,
  account: refTo(() => accountShape),
  invitation,
  groups: listOf(() => groupShape),
  buyers: listOf(() => buyerShape),
  modules: listOf(() => moduleShape),
  audit: membershipAudit,
};
