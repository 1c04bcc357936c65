const circular = Object.fromEntries(
  Array.from('[Circular Reference]', (letter, index) => [String(index), letter]),
);

/** The example answer of SoftwareOne's documentation, "Send new invitation": placeholders for every field. */
export const sendNewInvite = {
  id: 'text',
  audit: {
    created: { at: '2025-06-22T14:36:56.059Z', by: circular },
    updated: { at: '2025-06-22T14:36:56.059Z', by: circular },
    invitationAcceptedAt: '2025-06-22T14:36:56.059Z',
    access: { at: '2025-06-22T14:36:56.059Z' },
    joined: { at: '2025-06-22T14:36:56.059Z' },
  },
  $meta: { omitted: ['text'] },
  user: { id: 'text', icon: 'text', name: 'text' },
  groups: [{ id: 'text', name: 'text', description: 'text', logo: 'text', isDefault: true }],
  buyers: [{ id: 'text', icon: 'text', name: 'text' }],
  modules: [
    {
      id: 'text',
      description: 'text',
      name: 'text',
      filters: { 'group.buyers': ['text'] },
      settings: {
        configurable: true,
        default: true,
        paid: true,
        type: ['text'],
        obsolete: true,
        eligibility: { multi: true, single: true },
      },
    },
  ],
  account: { id: 'text', icon: 'text', type: 'text', status: 'text', name: 'text' },
  invitation: { url: 'text', status: 'text' },
  lastLoginAt: '2025-06-22T14:36:56.059Z',
};

/** A pending membership with `select=audit`. */
export const pending = {
  id: 'AUSR-2750-9914-0362',
  user: { id: 'USR-8046-3317', name: 'Nora Vale', icon: '/v1/accounts/users/USR-8046-3317/icon' },
  account: {
    id: 'ACC-4821-7730',
    name: 'Contoso Iberia',
    icon: '/v1/accounts/accounts/ACC-4821-7730/icon',
    type: 'Client',
    status: 'Active',
  },
  groups: [{ id: 'UGR-6104-2288', name: 'Administrators', isDefault: true }],
  modules: [
    {
      id: 'MOD-1756',
      name: 'Access Management',
      settings: {
        configurable: true,
        default: true,
        paid: false,
        type: ['new'],
        eligibility: { multi: true, single: true },
      },
    },
  ],
  invitation: { status: 'Invited', url: 'https://portal.example/accept-invite?code=0F3A' },
  audit: {
    created: { at: '2026-03-02T08:11:40.219Z', by: { id: 'USR-1190-4502', name: 'Ivo Brandt' } },
    updated: { at: '2026-03-02T08:11:40.219Z', by: { id: 'TKN-5573-0081', name: 'hr-sync' } },
  },
};

/** The same person after joining. */
export const active = {
  ...pending,
  invitation: { status: 'Active' },
  lastLoginAt: '2026-03-09T10:00:00+00:00',
  audit: {
    ...pending.audit,
    joined: { at: '2026-03-04T09:15:22.104Z' },
    access: { at: '2026-03-09T10:00:00+00:00' },
    invitationAcceptedAt: '2026-03-04T09:15:22.104+00:00',
  },
};

/** Refusals in the three forms that there are. */
export const problems = {
  validation: {
    type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
    title: 'Bad Request',
    status: 400,
    detail: 'One or more validation errors occurred.',
    traceId: '00-4f1c2d-9ab2c3-00',
    errors: { 'invitation.state': ['Invalid property path.'] },
  },
  rule: {
    type: 'https://docs.platform.softwareone.com/developer-resources/rest-api/errors/accounts#MPTACC00-0000',
    title: 'Create failed',
    status: 400,
    detail: 'Group is required',
    traceId: '00-4f1c2d-9ab2c4-00',
    errors: [{ message: 'Group is required', properties: ['groups'] }],
  },
  gateway: { message: 'Resource not found', statusCode: 404 },
};
