/*
 * The at-most-once protocol for one person of one store. README.md says what is modelled and how to read this file.
 * One `Write` process is one request. A retry, a double click and a request to another replica are other `Write` processes.
 * One `atomic` or `d_step` block is one database transaction, one database read or one event at the vendor. Anything can
 * happen between two blocks, also that time passes. Each process may
 * stop at each step for a while (suspended) or for good (dead, or its next database call fails): no step has to be taken.
 * Actions have the names of the functions that they stand for; functions.json lists those.
 *
 *   Write             carryOut, with knownAttempt; resendMany's readTogether is a look and a read that others share
 *   byKey, isKept     byKey, findByKey, isKept, isRunning, leaseEnd, leaseOf
 *   look              look, sequenceAndUnderWay, accountsOf
 *   planWrite, judge  planWrite, planInvite, judge, judgeNew, RULES
 *   beginAttempt      begin, beginAttempt, lockStore, keysOf, readKeys, rememberedAddress, addressNow,
 *                     trafficOf, fullnessOf, recentOf, findKept, freeKeys; BEGIN is what makes it durable
 *   waitFor           waitFor, pauseAfter, isOvertakenBy, MAIL_VERBS, MAY_HAVE_SENT
 *   startWindow       startWindow, exchange
 *   abandoned         createAbandoned
 *   close             finish, close, closeIn, learnedFrom, memory
 *   repeat, wasSent   createRepeat, wasSent, settle
 *   purgeKeys         purgeKeys, withKeyOlderThan
 *   now               the database's time; SQLite: openMachineClock, sinceBoot
 */
#ifndef N
#define N 2            /* requests */
#endif
/* Time is counted in ticks. A call may start while now <= receipt + LEASE - WRITE, and the vendor executes at its start. */
#ifndef LEASE
#define LEASE 2
#endif
#ifndef WRITE
#define WRITE 1        /* writeTimeout */
#endif
#ifndef COOL
#define COOL 3         /* cooldown; 0: off */
#endif
#ifndef TTL
#define TTL 40         /* idempotencyTtl */
#endif
#ifndef MAXT
#define MAXT 5
#endif
#ifndef SKEW
#define SKEW 0         /* wall clock of replica 1 minus that of replica 0 */
#endif
#ifndef JUMP
#define JUMP 0         /* the wall clock of replica 0 may step by this, once */
#endif
#ifndef DB_JUMP
#define DB_JUMP 0      /* the database's clock may step by this, once */
#endif
#ifndef VENDOR_SKEW
#define VENDOR_SKEW 0  /* the vendor's clock minus the database's */
#endif
#ifndef CHECK
#define CHECK 15       /* properties to check: 1 KEY, 2 COOLDOWN, 4 STATE, 8 ANSWER */
#endif
#define BASE 20
#define NONE N

/* verbs */
#define RESEND 1
#define SEND_NEW 2
#define INVITE 3
#define REVOKE 4
#define isMail(v) ((v) != REVOKE)
/* state of the invite at the vendor */
#define ABSENT 0
#define PENDING 1
#define EXPIRED 2
#define REVOKED 3
/* outcomes of an attempt; FREE: there is no row */
#define FREE 0
#define SENDING 1
#define REQUESTED 2
#define UNKNOWN 3
#define REJECTED 4
#define NOT_SENT 5
#ifdef UNKNOWN_IS_NOTHING
#define mayHaveSent(j) (out[j] == SENDING || out[j] == REQUESTED)
#else
#define mayHaveSent(j) (out[j] >= SENDING && out[j] <= UNKNOWN)
#endif
/* phases of a request */
#define IDLE 0
#define BEFORE_READ 1
#define AFTER_READ 2
#define DONE 3

#define judge(v, s) (((v) == RESEND && (s) == PENDING) || ((v) == SEND_NEW && ((s) == EXPIRED || (s) == REVOKED)) || \
  ((v) == INVITE && ((s) == ABSENT || (s) == REVOKED)) || ((v) == REVOKE && ((s) == PENDING || (s) == EXPIRED)))

/* Attempts: row i is that of request i. */
byte out[N], verb[N], at[N], seq[N];
byte key[N];
byte account[N];         /* the account key; both are of one store */
bool addressed[N];       /* email_id is the address; else it is the invite's own id */
byte invitedBefore[N];
byte sends = 0;          /* send_locks.sends. A refused begin is not counted: that changes no order. */
bool remembered[2];      /* per account key: remembered_invites knows the address of the invite */

/* The vendor */
byte state;
byte mails = 0;          /* emails to this person: tells an earlier stamp from a later one */
byte invited = 0;        /* the vendor's own stamp of its last email */
#if defined(RECONCILE) && !defined(CLOSED_ANY_TIME)
#define NOTES_CLOSING
bool closedLate[N];      /* closed_at >= leaseEnd */
#endif
bool late[N];            /* a call that the vendor has and will execute when it likes */

/* What is true, and no process can see */
byte T = 0;
byte phase[N];
bool executed[N], toldNot[N];
byte final[N];           /* the outcome that a caller was given, unless it was UNKNOWN */
byte beganAt[N], keyAtBegin[N];
byte overtakenBy[N];     /* requests whose email was made after this one's state was read */
bool linked[N];          /* when it began, the ledger knew that invite and address are one person */
byte wall[2], dbAhead = BASE;
bool jumped = false, dbJumped = false, lost = false;
/* of one step only */
hidden byte j, last, evidence;
hidden byte wait;

#ifdef REPLICA_CLOCK
#define now (T + wall[r])
#else
#define now (T + dbAhead)
#endif
#define leaseEnd(j) (at[j] + LEASE)
#define isRunning(j) (out[j] == SENDING && now < leaseEnd(j))
#ifdef PURGE_RUNNING
#define isKept(j) (at[j] + TTL >= now)
#else
#define isKept(j) (at[j] + TTL >= now || isRunning(j))
#endif

#ifdef IDENTITY
/* A Wix invite that was sent elsewhere: RESEND and REVOKE name the invite, INVITE names the address. */
#define isByAddress(v) ((v) == INVITE)
#define isRemembered (remembered[0] || remembered[1])
#define isOnePerson(i, j) (isByAddress(verb[i]) == isByAddress(verb[j]) || linked[i] || linked[j])
#ifdef BY_ADDRESS_ONLY
#define isRecentOf(j) (addressed[j] == hasAddress)
#elif defined(NO_REMEMBERED_INVITES)
#define isRecentOf(j) ((!isByAddress(v) && !isByAddress(verb[j])) || (hasAddress && addressed[j]))
#else                    /* recentOf, addressNow */
#define isRecentOf(j) ((!isByAddress(v) && !isByAddress(verb[j])) || (hasAddress && addressed[j]) || \
  (isByAddress(v) && isRemembered && !isByAddress(verb[j])))
#endif
#else
#define isOnePerson(i, j) true
#define isRecentOf(j) true
#endif
#ifdef PER_ACCOUNT
#define isOfStore(j) (account[j] == a)
#else
#define isOfStore(j) true
#endif

/* KEY, COOLDOWN, STATE: checked when the vendor makes an email or executes another verb. */
inline execute(h, isLate) {
  d_step {
    assert(!executed[h] && !toldNot[h]);                                                       /* ANSWER */
    j = 0;
    do
    :: j < N ->
       if
       :: j != h && executed[j] ->
#if CHECK & 1
          assert(!(keyAtBegin[h] != 0 && keyAtBegin[j] == keyAtBegin[h] && account[j] == account[h] &&
            beganAt[h] <= beganAt[j] + TTL && beganAt[j] <= beganAt[h] + TTL));                /* KEY */
#endif
#if CHECK & 2
          assert(!(COOL > 0 && isMail(verb[h]) && isMail(verb[j]) && isOnePerson(h, j) &&
            beganAt[h] < beganAt[j] + COOL && beganAt[j] < beganAt[h] + COOL));                /* COOLDOWN */
#endif
          skip
       :: else
       fi;
#if CHECK & 4
       if
       :: j != h && !isLate && isMail(verb[h]) ->
          assert(!((overtakenBy[h] & (1 << j)) && isOnePerson(h, j)));                         /* STATE */
          if :: phase[j] == AFTER_READ -> overtakenBy[j] = overtakenBy[j] | (1 << h) :: else fi
       :: else
       fi;
#endif
       j++
    :: else -> break
    od;
    executed[h] = true;
    if
    :: verb[h] == REVOKE -> state = REVOKED
    :: else ->
       state = PENDING;
#ifdef RECONCILE
       mails++; invited = T + BASE + VENDOR_SKEW
#endif
    fi
  }
}

/* ANSWER: what a caller learns of attempt h. */
inline tell(h, outcome) {
#if CHECK & 8
#ifndef LOSE_NOTE
  assert(final[h] == 0 || outcome == final[h]);                                                /* ANSWER */
  if :: outcome != UNKNOWN -> final[h] = outcome :: else fi;
#endif
  assert(!(outcome == REQUESTED && !executed[h]));                                             /* ANSWER */
  assert(!((outcome == NOT_SENT || outcome == REJECTED) && executed[h]));                      /* ANSWER */
  if :: outcome == NOT_SENT || outcome == REJECTED -> toldNot[h] = true :: else fi
#else
  skip
#endif
}

inline byKey() {
  known = NONE; j = 0;
  do
  :: j < N ->
     if :: k != 0 && out[j] != FREE && key[j] == k && account[j] == a && isKept(j) -> known = j :: else fi;
     j++
  :: else -> break
  od;
  j = 0
}

inline look() {
  seen = sends; underWay = 0; j = 0;
  do
  :: j < N ->
     if :: isRunning(j) && isMail(verb[j]) && isOfStore(j) -> underWay = underWay | (1 << j) :: else fi;
     j++
  :: else -> break
  od;
  j = 0
}

inline planWrite() {
  before = mails;
  snapshot = state;
  phase[me] = AFTER_READ;
#ifdef IDENTITY
  hasAddress = isByAddress(v) || remembered[a];
  /* What is not remembered cannot be read: the vendor decides. */
  if :: !remembered[a] && v == RESEND -> snapshot = PENDING :: !remembered[a] && v == REVOKE -> snapshot = PENDING
     :: !remembered[a] && v == SEND_NEW -> snapshot = PENDING :: !remembered[a] && v == INVITE -> snapshot = ABSENT :: else fi
#endif
}

inline waitFor() {
  wait = 0; j = 0;
  do
  :: j < N ->
     if
     :: mayHaveSent(j) && isOfStore(j) && isRecentOf(j) && (isMail(v) -> isMail(verb[j]) : verb[j] == v) ->
        if
#ifdef PER_VERB
        :: verb[j] == v && COOL > 0 && at[j] + COOL > now -> wait = 1
#else
        :: COOL > 0 && at[j] + COOL > now -> wait = 1
#endif
        :: isRunning(j) -> wait = 1
#ifndef NO_SEQ
        :: isMail(v) && (seq[j] > seen || (underWay & (1 << j))) -> wait = 1                /* isOvertakenBy */
#endif
        :: else
        fi
     :: else
     fi;
     j++
  :: else -> break
  od;
  j = 0
}

inline beginAttempt() {
#ifndef KEY_OUTSIDE
  byKey();
  j = 0;
  do
  :: j < N -> if :: k != 0 && out[j] != FREE && key[j] == k && account[j] == a && !isKept(j) -> key[j] = 0 :: else fi; j++ /* freeKeys */
  :: else -> break
  od;
#endif
#ifdef IDENTITY
  if :: isRemembered && !hasAddress -> hasAddress = true :: else fi;                          /* rememberedAddress */
#endif
  if :: known == NONE -> waitFor() :: else fi
}

inline receipt() {
#if CHECK & 1
  j = 0;
  do
  :: j < N ->
     assert(!(k != 0 && out[j] == SENDING && keyAtBegin[j] == k && account[j] == a && T < beganAt[j] + LEASE)); /* KEY */
     j++
  :: else -> break
  od;
  j = 0;
#endif
  out[me] = SENDING; verb[me] = v; key[me] = k; account[me] = a; at[me] = now;
  sends++; seq[me] = sends;
  keyAtBegin[me] = k; beganAt[me] = T;
#ifdef RECONCILE
  invitedBefore[me] = before;
#endif
#ifdef IDENTITY
  addressed[me] = hasAddress; linked[me] = isRemembered;
#endif
}

/* The start window is opened before begin; from begin on is the longest that it can be. */
#if defined(NO_LEASE_GUARD)
#define startWindow true
#elif defined(WALL_GUARD)
#define startWindow (T + wall[r] <= stamp + LEASE - WRITE)
#elif defined(STAMP_AFTER_BEGIN)
#define startWindow (T <= stamp + LEASE - WRITE)
#else
#define startWindow (T <= beganAt[me] + LEASE - WRITE)
#endif

inline close(outcome, answered) {
  if
#ifdef CLOSE_ANY
  :: out[me] != FREE -> out[me] = outcome
#else
  :: out[me] == SENDING || out[me] == UNKNOWN -> out[me] = outcome;
#ifdef NOTES_CLOSING
     closedLate[me] = (now >= leaseEnd(me))
#else
     skip
#endif
#endif
  :: else
  fi;
#ifdef IDENTITY
  if :: answered && outcome == REQUESTED && verb[me] == RESEND -> addressed[me] = true; remembered[a] = true :: else fi;
#endif
  if :: out[me] == FREE -> tell(me, outcome) :: else -> tell(me, out[me]) fi
}

/* After lastInvited: only what no other attempt can have done is evidence (isOverBefore). */
inline wasSent() {
  if
  :: evidence != 0 ->
     j = 0;
     do
     :: j < N ->
        if
        :: j != known && mayHaveSent(j) && isMail(verb[j]) && (out[j] != REQUESTED || seq[j] > seq[known]
#ifdef NOTES_CLOSING
           || closedLate[j]                       /* it may have been executed after its lease */
#endif
           ) -> evidence = 0
        :: else
        fi;
        j++
     :: else -> break
     od
  :: else
  fi;
  j = 0
}

proctype Write(byte me) {
  byte r, v, k, a, known, o, snapshot, seen, underWay, before, stamp; bool hasAddress, found;

#ifdef RETRY                                      /* one more request, with the key of one that has begun */
  if
  :: atomic { me == N -> if :: out[0] != FREE -> known = 0 :: out[1] != FREE -> known = 1 fi; goto repeat }
  :: me < N
  fi;
#endif
  atomic {                                        /* carryOut; requests are numbered by their arrival */
    (me == 0 || phase[me - 1] != IDLE);
#if SKEW != 0 || JUMP != 0
    if :: r = 0 :: r = 1 fi;
#endif
    if
    :: v = RESEND
#if !defined(TWO_VERBS) && !defined(ONE_VERB)
    :: v = REVOKE
#ifndef WITHOUT_INVITE
    :: v = INVITE
#endif
#endif
#ifndef ONE_VERB
    :: v = SEND_NEW
#endif
    fi;
#ifdef ONE_KEY
    k = 1;
#elif !defined(NO_KEY)
    if :: k = 0 :: k = 1 fi;
#endif
#ifdef ACCOUNTS
    if :: a = 0 :: a = 1 fi;
#endif
    phase[me] = BEFORE_READ;
    byKey();
    if :: known != NONE -> goto repeat :: else fi
  }
#ifdef LOOK_AFTER
  d_step { planWrite() }
  d_step { look() }
#else
  if :: isMail(v) -> d_step { look() } :: else fi;
  d_step { planWrite() }
#endif
  if
  :: !judge(v, snapshot) -> atomic { byKey(); if :: known != NONE -> goto repeat :: else -> goto end fi }
  :: else -> snapshot = 0
  fi;
  atomic {                                        /* begin, under the lock of the store */
    beginAttempt();
    if :: known != NONE -> goto repeat :: known == NONE && wait != 0 -> goto end :: else fi;
    receipt();
    seen = 0; underWay = 0; before = 0;
#ifdef WALL_GUARD
    stamp = T + wall[r];
#endif
    if
    :: true -> skip
    :: toldNot[me] = true; goto abandoned         /* the answer to COMMIT is lost: NOT_RECORDED */
    fi
  }
#ifdef STAMP_AFTER_BEGIN
  stamp = T;
#endif
  if                                              /* exchange */
  :: o = NOT_SENT                                 /* the window is over, or the caller has left */
  :: atomic { startWindow -> o = REJECTED }
  :: atomic { startWindow -> o = UNKNOWN }        /* the request was lost */
  :: atomic { startWindow -> execute(me, false) }
     if :: o = REQUESTED :: o = UNKNOWN fi        /* the answer came, or was lost */
#ifdef LATE
  :: atomic { startWindow -> late[me] = true }
     if :: o = UNKNOWN
#ifdef LATE_ANSWER
        :: atomic { executed[me] -> o = REQUESTED }
#endif
     fi
#endif
  fi;
  atomic {                                        /* finish */
#ifdef IDENTITY
    if
    :: true -> close(o, true)
    :: true -> close(o, false)                    /* what was learned cannot be noted, and the outcome is */
    fi;
#else
    close(o, true);
#endif
    goto end
  }

abandoned:                                        /* createAbandoned */
  atomic { if :: out[me] == SENDING -> out[me] = NOT_SENT :: else fi; goto end }

repeat:                                           /* createRepeat */
  atomic {
    if
    :: out[known] != SENDING -> tell(known, out[known]); goto end
    :: isRunning(known) -> goto end               /* IN_PROGRESS */
    :: else
    fi;
#ifdef RECONCILE
    evidence = 0
#endif
  }
#ifdef RECONCILE
#ifdef TRAFFIC_FIRST
  d_step { evidence = 1; wasSent(); found = evidence != 0 }
#else
  found = true;
#endif
  d_step {                                        /* lastInvited */
    found = found && (verb[known] == RESEND || verb[known] == SEND_NEW) &&
#ifndef NO_BEFORE
      mails > invitedBefore[known] &&
#endif
      invited >= at[known] && invited <= leaseEnd(known)
  }
#ifndef TRAFFIC_FIRST
  d_step { evidence = found; wasSent(); found = evidence != 0 }
#endif
#endif
  atomic {                                        /* settle */
    if
#ifdef SETTLE_ANY
    :: out[known] != FREE -> out[known] = (found -> REQUESTED : UNKNOWN)
#else
    :: out[known] == SENDING -> out[known] = (found -> REQUESTED : UNKNOWN);
#ifdef NOTES_CLOSING
       closedLate[known] = true
#else
       skip
#endif
#endif
    :: else
    fi;
    if :: out[known] == FREE -> skip :: else -> tell(known, out[known]) fi
  }
end:
  atomic {
    if :: me < N -> phase[me] = DONE; overtakenBy[me] = 0 :: else fi;
    r = 0; v = 0; k = 0; a = 0; known = 0; o = 0; snapshot = 0; seen = 0; underWay = 0; before = 0; stamp = 0;
    hasAddress = false; found = false
  }
}

#ifdef LATE
proctype Vendor() {
  byte h = 0;
  do
  :: atomic { late[0] && !executed[0] -> late[0] = false; execute(0, true) }
  :: atomic { late[1] && !executed[1] -> late[1] = false; execute(1, true) }
#if N > 2
  :: atomic { late[2] && !executed[2] -> late[2] = false; execute(2, true) }
#endif
  od
}
#endif

#ifdef RETRY
#define allDone false
#elif N > 2
#define allDone (phase[0] == DONE && phase[1] == DONE && phase[2] == DONE)
#else
#define allDone (phase[0] == DONE && phase[1] == DONE)
#endif

proctype World() {
  byte r = 0;
  do
  :: atomic { phase[0] != IDLE && T < MAXT && !allDone -> T++ }
#if JUMP != 0
  :: atomic { !jumped && phase[0] != IDLE -> jumped = true; wall[0] = wall[0] + JUMP }
#endif
#if DB_JUMP != 0
  :: atomic { !dbJumped && phase[0] != IDLE -> dbJumped = true; dbAhead = dbAhead + DB_JUMP }
#endif
#ifdef ASYNC_COMMIT                               /* a row that was committed is gone after a crash */
  :: atomic { !lost -> lost = true; if :: out[0] != FREE -> out[0] = FREE :: out[1] != FREE -> out[1] = FREE :: else fi }
#endif
#ifdef LOSE_NOTE                                  /* database.note: an outcome may be gone after a power cut */
  :: atomic { !lost && out[0] > SENDING -> lost = true; out[0] = SENDING }
  :: atomic { !lost && out[1] > SENDING -> lost = true; out[1] = SENDING }
#endif
#if TTL < MAXT                                    /* purgeKeys */
  :: d_step {
       j = 0;
       do
       :: j < N -> if :: out[j] != FREE && key[j] != 0 && !isKept(j) -> key[j] = 0 :: else fi; j++
       :: else -> break
       od;
       j = 0
     }
#endif
#ifdef LEARN_ELSEWHERE
  :: atomic { !remembered[0] && phase[0] != IDLE -> remembered[0] = true }
#endif
  :: atomic { T == MAXT -> break }
  od
}

init {
  atomic {
    wall[0] = BASE; wall[1] = BASE + SKEW;
    if :: state = ABSENT :: state = PENDING :: state = EXPIRED :: state = REVOKED fi;
#ifdef RECONCILE
    mails = 1; invited = BASE - 1 + VENDOR_SKEW;  /* an email went out before all this */
#endif
    run Write(0); run Write(1);
#if N > 2
    run Write(2);
#endif
#ifdef RETRY
    run Write(N);
#endif
#ifdef LATE
    run Vendor();
#endif
    run World()
  }
}
