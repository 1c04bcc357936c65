/** What is asked again and again while something grows. */
import { ROW } from './fields.mjs';

const fixed = (name, query) => ({ name, operation: () => ({ query, variables: {} }) });

const ofAccounts = (name, query, isWanted = () => true) => ({
  name,
  operation: ({ accounts }, index) => {
    const wanted = accounts.filter(isWanted);
    return { query, variables: { id: wanted[index % wanted.length].key } };
  },
});

const staffPage = (name) => `query ${name}($id: ID!) {
  account(id: $id) { id staffMembers(first: 50) { nodes { ...Row } } }
}
${ROW}`;

const oneMember = (name) => `query ${name}($id: ID!) { staffMember(id: $id) { ...Row } }\n${ROW}`;

const invites = (name, fields) => `query ${name}($id: ID!) {
  account(id: $id) { id invites(first: 10, filter: { status: [PENDING] }) { nodes { id ${fields} } } }
}`;

const isEcwid = ({ key }) => key.startsWith('ecwid');
const isSoftwareOne = ({ key }) => key.startsWith('softwareone');

const memberOf = (name, isWanted) => ({
  name,
  operation: ({ accounts }, index) => {
    const { staff } = accounts.filter(isWanted)[0];
    return { query: oneMember(name), variables: { id: staff[index % staff.length] } };
  },
});

export const growthWorkloads = [
  fixed('AccountPage', 'query AccountPage { accounts(first: 20) { nodes { id } } }'),
  fixed('StaffAcross', 'query StaffAcross { staffMembers(first: 20) { nodes { id } } }'),
  ofAccounts('EcwidPage', staffPage('EcwidPage'), isEcwid),
  ofAccounts('SoftwareOnePage', staffPage('SoftwareOnePage'), isSoftwareOne),
  memberOf('EcwidMember', isEcwid),
  memberOf('SoftwareOneMember', isSoftwareOne),
  ofAccounts('Actions', invites('Actions', 'actions { resend { allowed reason } }'), isSoftwareOne),
  ofAccounts('Attempts', invites('Attempts', 'attempts(first: 5) { id outcome at }'), isSoftwareOne),
];
