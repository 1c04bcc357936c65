import { describeProvider } from '../contract';

describeProvider('Ecwid', {
  account: 'harbor-tea',
  scaledAccount: 'ecwid-0001',
  rows: { demo: [12, 13], scaled: [103, 103] },
  listRoute: 'GET /staff',
  listPath: 'staffList',
  idField: 'id',
  resendRoute: 'POST /staff/invite',
  unknown: { staff: 'p00000000', invite: `i-${'A'.repeat(22)}` },
  malformed: {
    staff: ['invite', 'i-short', 'p'.repeat(65), 'p.1'],
    invite: ['p90112233', 'i-short', 'invite'],
  },
  forbidden: 'AUTH',
  skip: [],
});
