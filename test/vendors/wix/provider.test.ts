import { describeProvider } from '../contract';

describeProvider('Wix', {
  account: 'harbour-cafe',
  scaledAccount: 'wix-0001',
  rows: { demo: [4, 7], scaled: [83, 103] },
  listRoute: 'GET /contributors/query',
  listPath: 'contributors',
  idField: 'accountId',
  resendRoute: 'POST */resend',
  unknown: {
    staff: '00000000-0000-4000-8000-000000000000',
    invite: '00000000-0000-4000-8000-000000000000',
  },
  malformed: {
    staff: ['p90112233', '5A1D6C1E-0F43-4F5B-9B7A-2F2D0A1C9E10', '5a1d6c1e0f434f5b9b7a2f2d0a1c9e10'],
    invite: ['0f5e3a1c', '0f5e3a1c-7c52-4c0e-9a66-3d1f2b7f000g'],
  },
  forbidden: 'FORBIDDEN',
  skip: [
    {
      reason:
        'Wix cannot read invites, so one that is not remembered may still be there: it is UNKNOWN, not absent',
      tests: ['finds every invite of the list, and omits unknown ids'],
    },
    {
      reason: 'Wix makes a contributor only when an invite is accepted',
      tests: ['links a pending person and the invite to each other'],
    },
  ],
});
