/** The answer to a resend, in the form of Wix's documentation. */
export const resent = {
  invite: {
    id: '0f5e3a1c-7c52-4c0e-9a66-3d1f2b7f0001',
    siteId: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10',
    email: 'nora.lind@example.test',
    policyIds: ['6600344420111308827'],
    status: 'Pending',
    acceptLink: 'https://accept.example.test/?inviteId=0f5e3a1c',
    inviterAccountId: '8f0e2a54-3c1b-4d68-a0c7-6f3b5e9d1122',
    dateCreated: '2026-03-01T09:30:00.000Z',
    expirationDate: '2026-04-01T09:30:00.000Z',
    locationIds: [],
    callerCapabilities: [],
  },
};

/** The answer to a bulk invite, abbreviated. */
export const bulk = {
  invites: [
    { id: '0f5e3a1c-7c52-4c0e-9a66-3d1f2b7f0001', email: 'nora.lind@example.test', status: 'Pending' },
  ],
  failedEmails: ['bad@'],
};

export const contributors = { contributors: [{ accountId: 'b7c4f2d0-6a91-4d6e-8f32-1c5e7a90d001' }] };

export const roles = {
  predefinedRoles: [{ id: '6601492336091027458', title: 'Owner', description: 'sample' }],
  customRoles: [{ id: '7046409866117400001', title: 'Front desk', description: 'sample' }],
};

export const sites = {
  sites: [
    {
      id: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10',
      name: 'harbour-cafe',
      displayName: 'Harbour Cafe',
      createdDate: '2025-05-02T08:00:00.000Z',
      published: true,
      ownerAccountId: '8f0e2a54-3c1b-4d68-a0c7-6f3b5e9d1122',
      contributorAccountIds: ['b7c4f2d0-6a91-4d6e-8f32-1c5e7a90d001'],
      namespace: 'WIX',
    },
  ],
  metadata: { hasNext: false, cursors: {} },
};

export const refusal = {
  message: 'sample text',
  details: { applicationError: { code: 'NOT_FOUND', description: 'sample text', data: {} } },
};
