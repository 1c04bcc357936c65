/** A team, with the keys of what Rollcall knows. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly account: { readonly vendor: string; readonly externalId: string };
  readonly memberIds: readonly string[];
  readonly onCallId: string;
}

/** A note about someone on call. */
export interface OnCallNote {
  readonly staffMemberId: string;
  readonly at: string;
  readonly text: string;
  readonly authorEmail: string;
}

/** In place of a database. The ids are those of the emulated vendors. */
export const teams: readonly Team[] = [
  {
    id: 'counter',
    name: 'Tea counter',
    account: { vendor: 'ECWID', externalId: '7700142' },
    memberIds: ['harbor-tea:p90112233', 'harbor-tea:p90158812', 'harbor-tea:p90150077'],
    onCallId: 'harbor-tea:p90112233',
  },
  {
    id: 'purchasing',
    name: 'Purchasing',
    account: { vendor: 'SOFTWAREONE', externalId: 'ACC-4821-7730' },
    memberIds: ['contoso:AUSR-2750-9914-0302', 'contoso:AUSR-2750-9914-0303', 'contoso:AUSR-2750-9914-0362'],
    onCallId: 'contoso:AUSR-2750-9914-0303',
  },
  {
    id: 'cafe',
    name: 'Harbour cafe',
    account: { vendor: 'WIX', externalId: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10' },
    memberIds: ['harbor-tea:p90150077'],
    onCallId: 'harbor-tea:p90150077',
  },
  // Of another tenant: whoever may not see its account sees null in its place.
  {
    id: 'parts',
    name: 'Globex parts',
    account: { vendor: 'ECWID', externalId: '8800311' },
    memberIds: ['globex-parts:p70300219'],
    onCallId: 'globex-parts:p70300219',
  },
];

/** Newest first. */
export const onCallNotes: readonly OnCallNote[] = [
  {
    staffMemberId: 'harbor-tea:p90112233',
    at: '2026-03-02T07:40:00Z',
    text: 'Swapped the weekend with Nora.',
    authorEmail: 'mira@harbor-tea.example',
  },
  {
    staffMemberId: 'contoso:AUSR-2750-9914-0303',
    at: '2026-03-01T18:05:00Z',
    text: 'Has the spare phone until Thursday.',
    authorEmail: 'ivo.brandt@contoso.example',
  },
  {
    staffMemberId: 'harbor-tea:p90112233',
    at: '2026-02-20T09:15:00Z',
    text: 'Prefers a text message before a call.',
    authorEmail: 'nora.lind@harbor-tea.example',
  },
];
