import { toProfile } from '../../../src/vendors/softwareone/mapper';
import {
  readAccount,
  readGroupPage,
  readMembershipPage,
  readProblem,
  readWritten,
} from '../../../src/vendors/softwareone/wire';
import { pending, problems } from './samples';

describe('SoftwareOne responses: a page', () => {
  it('has rows and a total', () => {
    const body = {
      $meta: { pagination: { offset: 0, limit: 50, total: 137 }, omitted: ['audit'] },
      data: [pending],
    };
    expect(readMembershipPage(body)).toMatchObject({ data: [{ id: 'AUSR-2750-9914-0362' }], total: 137 });
    expect(readGroupPage({ data: [{ id: 'UGR-1' }, { name: 'x' }, null] })?.data).toEqual([
      { id: 'UGR-1', name: null },
      null,
      null,
    ]);
  });

  it.each([-1, 1.5, '137', null, Number.MAX_VALUE])('with the total %j has no total', (total) => {
    expect(readMembershipPage({ $meta: { pagination: { total } }, data: [] })?.total).toBeNull();
  });

  it.each([null, {}, [], { data: null }, { data: {} }, { items: [] }])('that is %j is refused', (body) => {
    expect(readMembershipPage(body)).toBeNull();
  });
});

describe('SoftwareOne responses: a write', () => {
  it.each([null, {}, [], 'x', { id: 7 }, { user: pending.user }])('without an id is refused: %j', (body) => {
    expect(readWritten(body)).toBeNull();
    expect(readWritten(pending)).toMatchObject({ id: 'AUSR-2750-9914-0362', invitationStatus: 'Invited' });
  });
});

describe('SoftwareOne responses: an account', () => {
  it.each([
    ['Active', 'ACTIVE'],
    ['Enabled', 'ACTIVE'],
    ['Disabled', 'DISABLED'],
    ['Frozen', 'UNKNOWN'],
    [null, 'UNKNOWN'],
  ])('that is %s at the vendor is %s', (status, expected) => {
    const account = readAccount({
      id: 'ACC-4821-7730',
      name: 'Contoso',
      status,
      website: 'https://contoso.example/x',
    });
    expect(account && toProfile(account)).toEqual({
      name: 'Contoso',
      url: 'https://contoso.example/x',
      status: expected,
    });
  });
});

describe('SoftwareOne responses: problem details', () => {
  it.each([
    [problems.validation, { code: null, requestId: '00-4f1c2d-9ab2c3-00' }],
    [problems.rule, { code: 'MPTACC00-0000', requestId: '00-4f1c2d-9ab2c4-00' }],
    [problems.gateway, { code: null, requestId: null }],
    [null, { code: null, requestId: null }],
    [
      { type: '#<script>', traceId: 'x'.repeat(65) },
      { code: null, requestId: null },
    ],
  ])('are parsed: %j', (body, read) => {
    expect(readProblem(body)).toEqual(read);
  });
});
