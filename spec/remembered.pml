/*
 * What the ledger remembers of one Wix invite I, and of J, which takes its place. N requests, each with one verb on I.
 * There is no fault here: ledger.pml has those. A block is one transaction, as in ledger.pml.
 *   CHECK: 1 REPLACED: replaced_by, once set, stays.    2 REVOKED: is never undone, and is there at the end.
 *          4 ONE_NEW: there is no second new invite.    8 ADDRESS: an address, once remembered, stays.
 */
#ifndef N
#define N 3
#endif
#ifndef COOL
#define COOL 1         /* 1: the cooldown outlasts the requests; 0: off */
#endif
#ifndef CHECK
#define CHECK 15
#endif
#define ABSENT 0
#define PENDING 1
#define EXPIRED 2
#define REVOKED 3
#define RESEND 1
#define SEND_NEW 2
#define REVOKE 3

byte row = ABSENT;       /* remembered_invites of I: status */
bool address, replacedBy;
byte vendorI = PENDING;  /* the truth */
bool vendorJ, wasReplaced, wasRevoked, wasKnown;
byte begun = 0, running = 0;
bool mailed, revoking;
byte done = 0;

inline check() {
  assert(!(CHECK & 1) || !wasReplaced || replacedBy);
  assert(!(CHECK & 2) || !wasRevoked || row == REVOKED);
  assert(!(CHECK & 8) || !wasKnown || address);
  wasReplaced = wasReplaced || replacedBy; wasRevoked = wasRevoked || row == REVOKED; wasKnown = wasKnown || address
}

inline rememberAnswer(status, knowsAddress, oldReplacedBy) {
#ifdef WRITE_BACK
  row = status; replacedBy = oldReplacedBy; address = knowsAddress;
#else
  if :: row != REVOKED -> row = status :: else fi;
#ifdef FORGET_ADDRESS
  address = knowsAddress;
#else
  address = address || knowsAddress;
#endif
#endif
  check()
}

inline noteBefore() {
  if :: row == ABSENT -> row = snapshot; address = knew :: else fi;
  check()
}

inline supersede() {
  if :: address -> replacedBy = true :: else fi;
  check()
}

proctype Write() {
  byte v, snapshot, seen, under; bool knew, replaced, ok;
  if :: v = RESEND :: v = SEND_NEW :: v = REVOKE fi;
  atomic { seen = begun; under = running }                            /* look */
  atomic {                                                            /* planWrite */
    snapshot = row; knew = address; replaced = replacedBy;
    if
    :: snapshot == ABSENT && v != SEND_NEW -> snapshot = PENDING      /* the vendor decides */
    :: snapshot != ABSENT && !replaced && ((v == RESEND && snapshot == PENDING) ||
         (v == SEND_NEW && snapshot != PENDING && knew) || (v == REVOKE && snapshot != REVOKED)) -> skip
    :: else -> goto end
    fi
  }
#ifdef WRITE_BACK
  atomic { if :: v == REVOKE -> rememberAnswer(snapshot, knew, replaced) :: else fi }
#endif
  atomic {                                                            /* beginAttempt */
    if
    :: v == REVOKE && COOL == 1 && revoking -> goto end
    :: v != REVOKE && ((COOL == 1 && mailed) || under > 0 || running > 0 || begun > seen) -> goto end
    :: else -> if :: v == REVOKE -> revoking = true; noteBefore() :: v != REVOKE -> mailed = true; begun++; running++ fi
    fi
  }
  atomic {                                                            /* the vendor */
    if
    :: v == RESEND -> ok = (vendorI == PENDING)
    :: v == REVOKE -> ok = (vendorI != REVOKED); vendorI = REVOKED
    :: v == SEND_NEW -> assert(!(CHECK & 4) || !vendorJ); ok = true; vendorJ = true
    fi
  }
#ifdef WRITE_BACK
  atomic {
    if :: ok && v == RESEND -> rememberAnswer(PENDING, true, replaced)
       :: ok && v == REVOKE -> rememberAnswer(REVOKED, knew, replaced)
       :: else
    fi
  }
#endif
  atomic {                                                            /* finish: one transaction */
    if
#ifndef WRITE_BACK
    :: ok && v == RESEND -> rememberAnswer(PENDING, true, replaced)
    :: ok && v == REVOKE -> rememberAnswer(REVOKED, knew, replaced)
#endif
    :: ok && v == SEND_NEW -> supersede()
    :: else
    fi;
    if :: v != REVOKE -> running-- :: else fi
  }
end:
  done++
}

init {
  atomic {
    if
    :: skip                                                           /* sent elsewhere */
    :: row = PENDING; address = true
    :: row = EXPIRED; vendorI = EXPIRED; address = true
    :: row = REVOKED; vendorI = REVOKED; address = true
    fi;
    check();
    byte i = 0;
    do :: i < N -> run Write(); i++ :: else -> break od
  }
  done == N;
  assert(!(CHECK & 2) || vendorI != REVOKED || row == REVOKED || row == ABSENT)
}
