/**
 * What is searched: one row for each configuration. `model` is a file of this folder, `flags` are its switches, which are
 * explained there. `short` rows run in the short form too.
 */

/** @typedef {{ name: string, model?: string, flags: string, short?: boolean }} Configuration */

/** The protocol as it is: each search must find nothing. @type {Configuration[]} */
export const PROTOCOL = [
  { name: '2 requests: crash, suspension, lost answer, lost COMMIT answer', flags: '', short: true },
  { name: 'without a cooldown', flags: '-DCOOL=0' },
  { name: 'cooldown shorter than the lease', flags: '-DCOOL=1' },
  {
    name: 'clock skew and clock step between replicas',
    flags: '-DSKEW=3 -DJUMP=-3 -DTWO_VERBS',
    short: true,
  },
  { name: 'clock skew and clock step, all verbs', flags: '-DSKEW=3 -DJUMP=-3' },
  { name: 'database clock steps forward: key and answer', flags: '-DDB_JUMP=3 -DCHECK=9' },
  { name: 'database clock steps back: key and answer', flags: '-DDB_JUMP=-3 -DCHECK=9' },
  { name: 'late vendor execution', flags: '-DLATE -DTWO_VERBS', short: true },
  { name: 'late vendor execution, all verbs', flags: '-DLATE' },
  {
    name: 'late vendor execution, its answer read after the lease',
    flags: '-DLATE -DLATE_ANSWER -DTWO_VERBS',
  },
  { name: 'outcome lost by a power cut', flags: '-DLOSE_NOTE -DTWO_VERBS', short: true },
  { name: 'keys expire and are purged', flags: '-DTTL=3 -DTWO_VERBS', short: true },
  { name: 'keys expire before the lease', flags: '-DTTL=0 -DCOOL=0' },
  { name: 'two account keys of one store', flags: '-DACCOUNTS -DTWO_VERBS', short: true },
  { name: 'two account keys of one store, all verbs', flags: '-DACCOUNTS' },
  { name: 'invite or address: the address becomes known by an answer', flags: '-DIDENTITY', short: true },
  { name: 'invite or address, two account keys', flags: '-DIDENTITY -DACCOUNTS' },
  {
    name: 'the address becomes known from elsewhere between two attempts by invite',
    flags: '-DIDENTITY -DLEARN_ELSEWHERE -DWITHOUT_INVITE',
  },
  { name: 'reconciling, with a retry', flags: '-DRECONCILE -DRETRY -DTWO_VERBS -DCOOL=0' },
  { name: 'reconciling, vendor clock ahead', flags: '-DRECONCILE -DRETRY -DTWO_VERBS -DVENDOR_SKEW=1' },
  { name: 'reconciling, vendor clock behind', flags: '-DRECONCILE -DRETRY -DTWO_VERBS -DVENDOR_SKEW=-1' },
  { name: '3 requests, one key', flags: '-DN=3 -DTWO_VERBS -DONE_KEY -DMAXT=3 -DCOOL=0 -DLEASE=1' },
  { name: '3 requests, no key', flags: '-DN=3 -DONE_VERB -DNO_KEY -DMAXT=3 -DCOOL=2 -DLEASE=1' },
  {
    name: '3 requests, one key, 2 ticks',
    flags: '-DN=3 -DONE_VERB -DONE_KEY -DMAXT=2 -DCOOL=1 -DLEASE=1',
    short: true,
  },
  {
    name: 'the address becomes known from elsewhere, then INVITE',
    flags: '-DIDENTITY -DLEARN_ELSEWHERE -DNO_KEY',
  },
  {
    name: 'reconciling, late vendor execution, its answer read after the lease',
    flags: '-DRECONCILE -DRETRY -DTWO_VERBS -DCOOL=0 -DLATE -DLATE_ANSWER -DCHECK=8',
  },
  { name: 'remembered invites, 3 requests', model: 'remembered', flags: '', short: true },
  {
    name: 'remembered invites, 3 requests, no cooldown',
    model: 'remembered',
    flags: '-DCOOL=0',
    short: true,
  },
];

/** The protocol without one of its repairs: each search must find a counterexample. @type {Configuration[]} */
export const WITHOUT_REPAIR = [
  { name: 'no sequence', flags: '-DNO_SEQ -DCHECK=4', short: true },
  { name: 'state read before the look', flags: '-DLOOK_AFTER -DCHECK=4' },
  {
    name: 'replica clocks decide (skew): cooldown',
    flags: '-DREPLICA_CLOCK -DSKEW=3 -DCHECK=2',
    short: true,
  },
  { name: 'replica clocks decide (step): cooldown', flags: '-DREPLICA_CLOCK -DJUMP=-3 -DCHECK=2' },
  { name: 'replica clocks decide (skew): state', flags: '-DREPLICA_CLOCK -DSKEW=3 -DCHECK=4 -DCOOL=0' },
  { name: 'replica clocks decide (skew): key', flags: '-DREPLICA_CLOCK -DSKEW=4 -DTTL=3 -DCHECK=1 -DCOOL=0' },
  { name: 'cooldown per verb', flags: '-DPER_VERB -DCHECK=2', short: true },
  { name: 'UNKNOWN counts for nothing', flags: '-DUNKNOWN_IS_NOTHING -DCHECK=2' },
  { name: 'no start window', flags: '-DNO_LEASE_GUARD -DCHECK=4', short: true },
  { name: 'start window by the wall clock', flags: '-DWALL_GUARD -DJUMP=-3 -DCHECK=4' },
  { name: 'start window opened after begin', flags: '-DSTAMP_AFTER_BEGIN -DCHECK=4' },
  { name: 'asynchronous commit', flags: '-DASYNC_COMMIT -DCHECK=1' },
  { name: 'key looked up outside of begin', flags: '-DKEY_OUTSIDE -DCHECK=1 -DCOOL=0' },
  {
    name: 'keys purged while the attempt runs',
    flags: '-DPURGE_RUNNING -DTTL=0 -DCOOL=0 -DCHECK=1',
  },
  { name: 'locked and counted per account key', flags: '-DPER_ACCOUNT -DACCOUNTS -DCHECK=2', short: true },
  {
    name: 'counted by address only',
    flags: '-DBY_ADDRESS_ONLY -DIDENTITY -DLEARN_ELSEWHERE -DWITHOUT_INVITE -DCHECK=2',
  },
  {
    name: 'evidence without the stamp from before',
    flags: '-DNO_BEFORE -DRECONCILE -DRETRY -DTWO_VERBS -DCOOL=0 -DCHECK=8',
  },
  {
    name: 'other attempts read before the stamp',
    flags: '-DTRAFFIC_FIRST -DRECONCILE -DRETRY -DTWO_VERBS -DCOOL=0 -DCHECK=8',
  },
  { name: 'reconciling closes what is closed', flags: '-DSETTLE_ANY -DRETRY -DTWO_VERBS -DCHECK=8' },
  {
    name: 'memory written back: replaced_by',
    model: 'remembered',
    flags: '-DWRITE_BACK -DCHECK=1',
    short: true,
  },
  {
    name: 'invites remembered under the address are not counted',
    flags: '-DNO_REMEMBERED_INVITES -DIDENTITY -DLEARN_ELSEWHERE -DCHECK=2',
  },
  {
    name: 'an answer read after the lease is taken as an end',
    flags: '-DCLOSED_ANY_TIME -DRECONCILE -DRETRY -DTWO_VERBS -DCOOL=0 -DLATE -DLATE_ANSWER -DCHECK=8',
  },
  {
    name: 'memory written back: address',
    model: 'remembered',
    flags: '-DFORGET_ADDRESS -DCHECK=8',
    short: true,
  },
  { name: 'memory written back: REVOKED', model: 'remembered', flags: '-DWRITE_BACK -DCHECK=2', short: true },
];
