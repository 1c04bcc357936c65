/** What every read shows of a staff member: nothing that needs another vendor call. */
export const ROW = `fragment Row on StaffMember {
  id name email status joinedAt
  account { id vendor }
  invite { id email status createdAt expiresAt }
}`;
