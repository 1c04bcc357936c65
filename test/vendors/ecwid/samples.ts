/** The example answers of Ecwid's documentation, "Search staff accounts". */
export const searchStaff = {
  staffList: [
    {
      id: 'p27632593',
      name: 'John Doe',
      email: '[email protected]',
      staffScopes: ['REPORT_ACCESS', 'SALES_MANAGEMENT', 'MARKETING_MANAGEMENT'],
      inviteAccepted: true,
    },
    {
      id: 'p3855016',
      name: 'API Team',
      email: '[email protected]',
      staffScopes: [
        'REPORT_ACCESS',
        'WEBSITE_MANAGEMENT',
        'STORE_MANAGEMENT',
        'CATALOG_MANAGEMENT',
        'SALES_CHANNELS_MANAGEMENT',
        'SALES_MANAGEMENT',
        'MARKETING_MANAGEMENT',
      ],
      inviteAccepted: true,
    },
  ],
};

/** The same with `responseFields=staffList(name,email,inviteAccepted)`. */
export const searchSomeFields = {
  staffList: [
    { name: 'John Doe', email: '[email protected]', inviteAccepted: true },
    { name: 'API Team', email: '[email protected]', inviteAccepted: true },
  ],
};

/** A store whose second person has every permission. */
export const staffList = {
  staffList: [
    {
      id: 'p90112233',
      name: 'Ines Varga',
      email: 'ines@harbor-tea.example',
      staffScopes: ['SALES_MANAGEMENT', 'REPORT_ACCESS'],
      inviteAccepted: true,
    },
    {
      id: 'p90145566',
      name: 'Omar Diaz',
      email: 'omar@harbor-tea.example',
      staffScopes: [],
      inviteAccepted: true,
    },
  ],
};

/** `GET /profile` with the fields that we ask for. */
export const storeProfile = {
  generalInfo: { storeId: 7700142, storeUrl: 'https://harbor-tea.example', profileId: 'p90100001' },
  account: { accountName: 'Mira Sandoval', accountEmail: 'mira@harbor-tea.example', suspended: false },
  settings: { closed: false, storeName: 'Harbor Tea' },
};
