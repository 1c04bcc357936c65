/**
 * Repairs of the at-most-once protocol, each with the change to the product's text that takes it away. A simulation without
 * a repair must find a history that breaks a property: a check that cannot fail shows nothing. The names are those of
 * WITHOUT_REPAIR in spec/configurations.mjs, where the model has the same one.
 */

/** @typedef {{ file: string, find: string, replace: string }} Edit */

/** `seed` is that of a history that finds it missing. @type {{ repair: string, seed: number | null, edits: Edit[] }[]} */
export const REPAIRS = [
  {
    repair: 'no sequence',
    seed: 119,
    edits: [
      {
        file: 'src/invites/send-limits.ts',
        find: 'if (look && others.some(',
        replace: 'if (false && look && others.some(',
      },
    ],
  },
  {
    repair: 'emails under way at the look do not count',
    seed: 2130,
    edits: [{ file: 'src/invites/send-limits.ts', find: 'underWay.has(id) || ', replace: '' }],
  },
  {
    repair: 'state read before the look',
    seed: 145,
    edits: [
      {
        file: 'src/invites/send.ts',
        find: `    const look = request.verb === 'REVOKE' ? null : await recorded(() => states.look(account.id));
    if (look === 'NOT_RECORDED') return refused({ code: look });
    const plan = await planned(request, account, states.read);
`,
        replace: `    const plan = await planned(request, account, states.read);
    const look = request.verb === 'REVOKE' ? null : await recorded(() => states.look(account.id));
    if (look === 'NOT_RECORDED') return refused({ code: look });
`,
      },
    ],
  },
  {
    repair: 'replica clocks decide',
    seed: 21,
    edits: [
      {
        file: 'src/ledger/sqlite.ts',
        find: 'sql<number>`${clock()}`',
        replace: 'sql<number>`${Date.now()}`',
      },
    ],
  },
  {
    repair: 'cooldown per verb',
    seed: 321,
    edits: [
      {
        file: 'src/invites/send-limits.ts',
        find: 'isMail ? MAIL_VERBS.includes(attempt.verb) : attempt.verb === verb && attempt.invite === invite',
        replace: 'attempt.verb === verb && (isMail || attempt.invite === invite)',
      },
    ],
  },
  {
    repair: 'UNKNOWN counts for nothing',
    seed: 321,
    edits: [
      {
        file: 'src/ledger/limits.ts',
        find: "MAY_HAVE_SENT = ['SENDING', 'REQUESTED', 'UNKNOWN']",
        replace: "MAY_HAVE_SENT = ['SENDING', 'REQUESTED']",
      },
    ],
  },
  {
    repair: 'no start window',
    seed: 1769,
    edits: [{ file: 'src/vendors/exchange.ts', find: ' || (window?.isOver() ?? false)', replace: '' }],
  },
  {
    repair: 'start window by the wall clock',
    seed: 2834,
    edits: [
      {
        file: 'src/vendors/start-window.ts',
        find: 'performance.now() > monotonic || Date.now() > wall',
        replace: 'Date.now() > wall',
      },
    ],
  },
  {
    repair: 'start window opened after begin',
    seed: 1769,
    edits: [
      {
        file: 'src/invites/send.ts',
        find: 'await write(plan, request, begun.attempt.at, window)',
        replace: 'await write(plan, request, begun.attempt.at, startWindow(lease - limits.writeTimeout))',
      },
    ],
  },
  {
    repair: 'asynchronous commit',
    seed: 559,
    edits: [
      {
        file: 'src/ledger/sqlite.ts',
        find: 'isSynced = batch.some((each) => each.isSynced);',
        replace: 'isSynced = false;',
      },
    ],
  },
  {
    repair: 'key looked up outside of begin',
    seed: 286,
    edits: [
      {
        file: 'src/ledger/begin-attempt.ts',
        find: 'if (known) return known;',
        replace: '',
      },
      {
        file: 'src/ledger/migrations/0001-attempts-and-remembered-invites.ts',
        find: `.columns(['account', 'actor', 'idempotency_key'])
    .unique()`,
        replace: ".columns(['account', 'actor', 'idempotency_key'])",
      },
    ],
  },
  {
    repair: 'keys purged while the attempt runs',
    seed: 2074,
    edits: [
      {
        file: 'src/ledger/attempt-queries.ts',
        find: ".where((where) => where.or([where('outcome', '!=', 'SENDING'), where(lease, '<=', now)]))",
        replace: '',
      },
      { file: 'src/ledger/begin-attempt.ts', find: ' || isRunning(attempt, now)', replace: '' },
    ],
  },
  {
    repair: 'locked and counted per account key',
    seed: 11,
    edits: [{ file: 'src/ledger/ledger.ts', find: 'stores.get(account) ?? account)', replace: 'account)' }],
  },
  {
    repair: 'counted by address only',
    seed: 409,
    edits: [
      {
        file: 'src/ledger/begin-attempt.ts',
        find: '[invite, email_id]',
        replace: '[email_id]',
      },
      {
        file: 'src/ledger/person-queries.ts',
        find: "\n    .union(recent.where('invite', 'in', remembered))",
        replace: '',
      },
    ],
  },
  {
    repair: 'counted by invite only',
    seed: 321,
    edits: [
      {
        file: 'src/ledger/begin-attempt.ts',
        find: '[invite, email_id]',
        replace: '[invite]',
      },
    ],
  },
  {
    repair: 'invites remembered under the address are not counted',
    seed: 409,
    edits: [
      {
        file: 'src/ledger/person-queries.ts',
        find: "\n    .union(recent.where('invite', 'in', remembered))",
        replace: '',
      },
    ],
  },
  {
    repair: 'an address known under another account key is not used',
    seed: 321,
    edits: [
      {
        file: 'src/ledger/begin-attempt.ts',
        find: '(await rememberedAddress(tx, accounts, invite)) ??',
        replace: '',
      },
    ],
  },
  {
    repair: 'evidence without the stamp from before',
    seed: 8,
    edits: [{ file: 'src/invites/repeat.ts', find: 'invited <= before || ', replace: '' }],
  },
  {
    repair: 'other attempts read before the stamp',
    seed: null,
    edits: [
      {
        file: 'src/invites/repeat.ts',
        find: 'const invited = await provider(account).lastInvited(reading, invite);',
        replace: `const recent = await ledger.attempts.aroundPerson(attempt);
      const invited = await provider(account).lastInvited(reading, invite);`,
      },
      {
        file: 'src/invites/repeat.ts',
        find: `leaseEnd(attempt)) return false;
      const recent = await ledger.attempts.aroundPerson(attempt);`,
        replace: 'leaseEnd(attempt)) return false;',
      },
    ],
  },
  {
    repair: 'evidence that another attempt may have made',
    seed: null,
    edits: [
      {
        file: 'src/invites/repeat.ts',
        find: 'return !recent.some(',
        replace: 'return true || !recent.some(',
      },
    ],
  },
  {
    repair: 'an answer read after the lease is taken as an end',
    seed: null,
    edits: [{ file: 'src/invites/repeat.ts', find: ' &&\n  other.closed_at < leaseEnd(other)', replace: '' }],
  },
  {
    repair: 'reconciling closes what is closed',
    seed: 2631,
    edits: [
      {
        file: 'src/ledger/attempts.ts',
        find: "closeIn(tx, attempt, closing, ['SENDING'])",
        replace: "closeIn(tx, attempt, closing, ['SENDING', 'REQUESTED', 'REJECTED', 'NOT_SENT', 'UNKNOWN'])",
      },
    ],
  },
  {
    repair: 'memory written back: replaced_by',
    seed: 3584,
    edits: [
      {
        file: 'src/ledger/remembered.ts',
        find: 'invite: _invite, replaced_by: _replacedBy, ...known }',
        replace: 'invite: _invite, ...known }',
      },
    ],
  },
  {
    repair: 'memory written back: REVOKED',
    seed: 1270,
    edits: [
      {
        file: 'src/ledger/remembered.ts',
        find: "case when remembered_invites.status = 'REVOKED' then",
        replace: 'case when 1 = 0 then',
      },
    ],
  },
  {
    repair: 'memory written back: address',
    seed: null,
    edits: [
      {
        file: 'src/ledger/remembered.ts',
        find: 'coalesce(${sql.ref(`excluded.${column}`)}, ${sql.ref(`remembered_invites.${column}`)})',
        replace: '${sql.ref(`excluded.${column}`)}',
      },
    ],
  },
  {
    repair: 'memory written back before a withdrawal',
    seed: 1016,
    edits: [
      {
        file: 'src/ledger/remembered.ts',
        find: `.doUpdateSet({ email: row.email, roles: row.roles })
        .where('remembered_invites.status', '=', 'REVOKED')`,
        replace: '.doUpdateSet({ ...row })',
      },
    ],
  },
  {
    repair: 'a connection that was cut is taken for nothing sent',
    seed: 10,
    edits: [
      {
        file: 'src/vendors/exchange.ts',
        find: "settle({ kind: 'failure', sent: controller !== null, cause: 'UNAVAILABLE' });",
        replace: "settle({ kind: 'failure', sent: false, cause: 'UNAVAILABLE' });",
      },
    ],
  },
];
