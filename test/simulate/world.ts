import { Abort } from '../../src/abort';
import { formatId } from '../../src/ids';
import type { SendRequest } from '../../src/invites/request';
import type { SendResult } from '../../src/invites/result';
import { leaseOf } from '../../src/invites/send-limits';
import type { Invite, Vendor } from '../../src/model';
import type { ConfiguredAccount } from '../../src/vendors/definition';
import { registry } from '../../src/vendors/registry';
import { databaseOfReplica, emptyTables, type SharedDatabase } from './database';
import { createJudge, type Facts, type Judge } from './judge';
import { createObserver } from './observer';
import type { EventPlan, Plan, RequestPlan } from './plan';
import { openReplica, type Replica } from './replica';
import type { Owner, Process, Scheduler } from './scheduler';
import { createTransport } from './transport';
import { instant, type Store, type VendorInvite } from './vendor';
import { firstId, simulatedVendors } from './vendors';

/** Everything that a history happens to. */
export interface World {
  readonly judge: Judge;
  /** Asks for each key once more, when all else is over: its answer must be the one that was given. */
  askAgain(): Promise<void>;
  close(): void;
}

/** The two keys under which a vendor's one store is configured. */
const keysOf = (vendor: Vendor): readonly [string, string] => [
  `${vendor.toLowerCase()}-1`,
  `${vendor.toLowerCase()}-2`,
];
const EMAILS = ['ann@example.com', 'bob@example.com'] as const;
const DAY_MS = 86_400_000;

const accountsOf = (vendor: Vendor): ConfiguredAccount[] =>
  keysOf(vendor).map((key) => registry[vendor].account(vendor).parse(simulatedVendors[vendor].account(key)));
const accounts: Record<Vendor, ConfiguredAccount[]> = {
  ECWID: accountsOf('ECWID'),
  SOFTWAREONE: accountsOf('SOFTWAREONE'),
  WIX: accountsOf('WIX'),
};

/** Puts a world together as the plan wants it; all that is to happen in it waits for the scheduler. */
export async function openWorld(shared: SharedDatabase, plan: Plan, scheduler: Scheduler): Promise<World> {
  const vendor = simulatedVendors[plan.vendor];
  const limits = { ...plan.limits, emailsPerInvitePerDay: 10, emailsPerAccountPerHour: 200 };
  const lease = leaseOf(limits);
  const store: Store = { invites: [], now: () => scheduler.now() + plan.vendorSkew };
  const facts: Facts[] = [];
  const judge = createJudge(facts, { ...limits, lease });
  const observer = createObserver({ shared, plan, scheduler, facts, judge });
  const transport = createTransport(() => ({
    ...{ scheduler, vendor, store, lease, writeTimeout: limits.writeTimeout },
    fateOf: ({ request }) => facts[request ?? -1]?.plan.fate ?? 'ANSWERED',
    onRead: observer.onVendorRead,
    onExecuted: observer.onExecuted,
  }));
  const open = (): Promise<Replica> =>
    openReplica({
      ...{ accounts: accounts[plan.vendor], limits, transport },
      database: databaseOfReplica(shared, observer.hooks),
      report: () => undefined,
    });

  await emptyTables(shared);
  seedStore(plan, store);
  const processes: Process[] = plan.skews.map((skew, place) => ({
    name: `replica ${place}`,
    skew,
    isAlive: true,
  }));
  const used = new Set(
    [...plan.requests, ...plan.events].map((each) => ('replica' in each ? each.replica : 0)),
  );
  const replicas: (Replica | null)[] = [];
  for (const place of processes.keys()) replicas.push(used.has(place) ? await open() : null);
  const first = replicas.find((replica) => replica !== null);
  if (first && (plan.remembered || plan.vendor === 'ECWID') && plan.vendor !== 'SOFTWAREONE')
    for (const invite of store.invites)
      await first.ledger.remembered.remember(toInvite(plan, vendor.roles, invite));
  await observer.begin();

  const inputs = new Map<number, SendRequest>();
  const inputOf = (number: number): SendRequest => {
    const again = plan.requests[number]?.again;
    if (again !== null && again !== undefined && again < number) return inputOf(again);
    const made = inputs.get(number) ?? resolve(plan.requests[number] as RequestPlan);
    inputs.set(number, made);
    return made;
  };
  /** Names an invite as it is when the request arrives. */
  const resolve = ({ verb, account, person, newest, key }: RequestPlan): SendRequest => {
    const email = EMAILS[person] ?? '';
    const own = store.invites.filter((invite) => invite.email === email);
    const invite = (newest ? own.at(-1) : own[0]) ?? { ...NO_INVITE, id: firstId(plan.vendor, 99), email };
    const common = {
      language: null,
      idempotencyKey: key,
      consent: { acknowledgeDeclined: true, grantFullAccess: true },
    };
    const accountId = keysOf(plan.vendor)[account] ?? '';
    if (verb !== 'INVITE')
      return { ...common, verb, inviteId: formatId(accountId, vendor.localId(invite)), ofMany: false };
    return { ...common, verb, accountId, email, firstName: 'A', lastName: 'B', roleIds: vendor.roles };
  };

  const arrive = (replica: Replica, number: number, input: SendRequest): void => {
    const own = facts[number];
    if (!own) return;
    const end = new Abort();
    const { writes, done } = replica.operation('', end);
    if (own.plan.leaves)
      scheduler.add({
        name: 'caller leaves',
        isOptional: true,
        run: () => {
          end.abort();
        },
      });
    const onResult = (result: SendResult): void => {
      done();
      const codes = result.userErrors.map(({ code }) => code).join(' ');
      scheduler.note(`request ${number} is answered ${result.outcome} ${codes}`);
      judge.onResult(own, result, scheduler.step());
    };
    writes.send(input).then(onResult, (error: unknown) => {
      judge.onError(error);
    });
  };

  const addRequest = (
    request: RequestPlan,
    number: number,
    on: Process,
    replica: Replica,
    from: number,
  ): void => {
    scheduler.add({
      name: `${request.again === null ? '' : `again ${request.again}: `}${plan.requests[from]?.verb ?? ''} arrives`,
      owner: { process: on, request: number },
      run: () => {
        const input = inputOf(from);
        const account = input.verb === 'INVITE' ? input.accountId : (input.inviteId.split(':')[0] ?? '');
        facts[number] = newFacts(number, request, account, input.idempotencyKey, scheduler.step());
        scheduler.note(`request ${number}: ${JSON.stringify(input)}`);
        arrive(replica, number, input);
      },
    });
  };

  for (const [number, request] of plan.requests.entries()) {
    facts[number] = newFacts(number, request, '', null, 0);
    const [on, replica] = [processes[request.replica], replicas[request.replica]];
    if (on && replica) addRequest(request, number, on, replica, number);
  }
  for (const event of plan.events) addEvent(event);

  function addEvent(event: EventPlan): void {
    const place = 'replica' in event ? event.replica : 0;
    const [on, replica] = [processes[place], replicas[place]];
    if (!on || !replica) return;
    const add = (name: string, owner: Owner, run: () => void): void => {
      scheduler.add({ name, owner, isOptional: true, run });
    };
    const world: Owner = { process: null, request: null };
    const own: Owner = { process: on, request: null };
    if (event.kind === 'KILL') add(`kill ${on.name}`, world, () => (on.isAlive = false));
    else if (event.kind === 'STEP_CLOCK')
      add(`wall clock of ${on.name} steps by ${event.ms} ms`, world, () => (on.skew += event.ms));
    else if (event.kind === 'PURGE_KEYS')
      add('purge keys', own, () => void replica.ledger.attempts.purgeKeys());
    else if (event.kind === 'POWER_CUT') add('power cut at the database', world, observer.cutPower);
    else
      add('ledger learns the address', own, () => {
        const [invite] = store.invites;
        if (invite) void replica.ledger.remembered.remember(toInvite(plan, vendor.roles, invite));
      });
  }

  return {
    judge,
    askAgain: async () => {
      const asked = facts.filter(
        ({ key, attempt, beganAt }) =>
          key !== null && attempt !== null && scheduler.now() + 2 * lease - beganAt < limits.idempotencyTtl,
      );
      if (asked.length === 0) return;
      observer.end();
      const auditor: Process = { name: 'auditor', skew: 0, isAlive: true };
      const audit = await open();
      observer.resume();
      scheduler.pass(lease + 1);
      for (const { number } of asked) {
        const again: RequestPlan = {
          ...(plan.requests[number] as RequestPlan),
          ...{ again: number, fate: 'ANSWERED', begin: 'DONE', close: 'DONE', leaves: false },
        };
        const place = facts.length;
        facts[place] = newFacts(place, again, '', null, 0);
        addRequest(again, place, auditor, audit, number);
      }
    },
    close: () => {
      for (const replica of replicas) replica?.ledger.attempts.stop();
      observer.end();
    },
  };
}

const NO_INVITE: VendorInvite = { id: '', email: '', status: 'REVOKED', sentAt: 0, createdAt: 0 };

function seedStore({ vendor, state, age: young, requests }: Plan, store: Store): void {
  if (state === 'ABSENT') return;
  const people = [...new Set(requests.map(({ person }) => person))].sort();
  const age = state === 'EXPIRED' ? 10 * DAY_MS : young;
  const at = store.now() - age;
  const status = state === 'EXPIRED' && vendor === 'ECWID' ? 'PENDING' : state;
  for (const [place, person] of people.entries())
    store.invites.push({
      ...{ id: firstId(vendor, place + 1), email: EMAILS[person] ?? '' },
      ...{ status, sentAt: at, createdAt: at },
    });
}

/** The invite as a vendor's answer would tell it. */
const toInvite = ({ vendor }: Plan, roles: readonly string[], invite: VendorInvite): Invite => ({
  id: formatId(keysOf(vendor)[0], simulatedVendors[vendor].localId(invite)),
  accountId: keysOf(vendor)[0],
  externalId: invite.id,
  email: invite.email,
  staffMember: null,
  staffMemberId: null,
  status: invite.status,
  vendorStatus: null,
  roles: roles.map((id) => ({ id, name: null })),
  createdAt: instant(invite.createdAt),
  expiresAt: vendor === 'WIX' ? instant(invite.sentAt + 7 * DAY_MS) : null,
  expiresAtSource: null,
  acceptedAt: null,
  unreadable: null,
  grantsEverything: false,
  replacedBy: null,
});

const newFacts = (
  number: number,
  plan: RequestPlan,
  account: string,
  key: string | null,
  arrivedAt: number,
): Facts => ({
  ...{ number, plan, account, key, arrivedAt },
  ...{ attempt: null, beganAt: 0, closedAt: Infinity, readAt: 0, linked: new Set<string>() },
  ...{ executed: null, toldNot: false, final: null },
});
