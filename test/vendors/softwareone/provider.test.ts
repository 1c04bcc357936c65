import { describeProvider } from '../contract';

describeProvider('SoftwareOne', {
  account: 'contoso',
  scaledAccount: 'softwareone-0001',
  rows: { demo: [15, 15], scaled: [103, 103] },
  listRoute: 'GET */account-users',
  listPath: 'data',
  idField: 'id',
  resendRoute: 'POST */resend-invite',
  unknown: { staff: 'AUSR-0000-0000-0000', invite: 'AUSR-0000-0000-0000' },
  malformed: {
    staff: ['AUSR-2750-9914', 'ausr-2750-9914-0301', 'USR-1190-4502', 'AUSR-2750-9914-03010', 'p90112233'],
    invite: ['AUSR-2750-9914', 'xAUSR-2750-9914-0301', 'AUSR-2750-9914-030A'],
  },
  forbidden: 'FORBIDDEN',
  skip: [],
});
