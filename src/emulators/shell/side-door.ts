import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toIso } from '../clock';
import type { EmulatorClock, InviteDeed, InviteHook, Mail, SeenRequest, VendorName } from '../emulator';
import type { FaultList } from '../faults/list';
import { faultMistake, isFault } from '../faults/parse';
import { isObject, parseJson, type JsonObject } from './json';
import type { Log } from './log';

/** Where the side door opens; nothing under it counts as a vendor request. */
export const sideDoorPath = '/__emulator';

/** What the side door of one emulator reaches. */
export interface SideDoor {
  readonly vendor: VendorName;
  readonly requests: Log<SeenRequest>;
  readonly mails: Log<Mail>;
  readonly faults: FaultList;
  readonly clock: EmulatorClock;
  readonly changeInvite: InviteHook;
  /** Of all emulators: they share one clock. */
  readonly reset: () => void;
}

/** A request the side door cannot follow, with the field at fault. */
class BadInput extends Error {
  override readonly name = 'BadInput';

  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** Opens the side door, through which a demo is looked at and a test from another process steers. */
export function addSideDoor(app: FastifyInstance, door: SideDoor): void {
  const on = (method: 'GET' | 'POST' | 'DELETE', path: string, run: (body: JsonObject) => unknown) => {
    app.route({
      method,
      url: `${sideDoorPath}${path}`,
      handler: (request, reply) => answer(request, reply, run),
    });
  };
  const clock = () => ({ now: toIso(door.clock.now()) });
  const faults = () => ({ faults: door.faults.list() });
  const done = () => ({ done: true });

  on('GET', '/requests', () => ({ total: door.requests.total, requests: door.requests.entries }));
  on('DELETE', '/requests', () => {
    door.requests.clear();
    return done();
  });
  on('GET', '/mails', () => ({ total: door.mails.total, mails: door.mails.entries }));
  on('GET', '/clock', clock);
  on('POST', '/clock', (body) => {
    moveClock(door.clock, body);
    return clock();
  });
  on('GET', '/faults', faults);
  on('POST', '/faults', (body) => {
    const mistake = faultMistake(body, door.vendor);
    if (mistake) throw new BadInput(mistake.field, mistake.message);
    if (isFault(body, door.vendor)) door.faults.add(body);
    return faults();
  });
  on('DELETE', '/faults', () => {
    door.faults.clear();
    return faults();
  });
  on('POST', '/reset', () => {
    door.reset();
    return done();
  });
  on('POST', '/invites', (body) => {
    const deed = deeds.find((word) => word === body['action']);
    if (!deed) throw new BadInput('action', `must be one of ${deeds.join(', ')}`);
    changeInvite(door, textField(body, 'account'), textField(body, 'invite'), deed);
    return done();
  });
}

function answer(request: FastifyRequest, reply: FastifyReply, run: (body: JsonObject) => unknown) {
  reply.type('application/json; charset=utf-8');
  try {
    return reply.send(JSON.stringify(run(bodyOf(request))));
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const { field, message } = error;
    return reply.code(400).send(JSON.stringify({ error: { field, message } }));
  }
}

function bodyOf({ body }: FastifyRequest): JsonObject {
  if (typeof body !== 'string' || body === '') return {};
  const parsed = parseJson(body);
  if (!isObject(parsed)) throw new BadInput('', 'the body must be a JSON object');
  return parsed;
}

function textField(body: JsonObject, field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || value === '')
    throw new BadInput(field, 'must be a string that is not empty');
  return value;
}

const deeds: readonly InviteDeed[] = ['accept', 'decline', 'expire', 'remove'];

function changeInvite(door: SideDoor, account: string, invite: string, deed: InviteDeed): void {
  try {
    door.changeInvite(account, invite, deed);
  } catch (error) {
    throw new BadInput('invite', error instanceof Error ? error.message : String(error));
  }
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function moveClock(clock: EmulatorClock, { advance, set }: JsonObject): void {
  if (typeof advance === 'string') {
    const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(advance) ?? [];
    const size = unit === undefined ? undefined : units[unit];
    if (size === undefined)
      throw new BadInput('advance', 'must be a duration such as 500ms, 90s, 5m, 2h or 7d');
    clock.advance(Number(amount) * size);
    return;
  }
  if (typeof set !== 'string')
    throw new BadInput('advance', 'give {"advance":"7d"} or {"set":"<ISO instant>"}');
  if (Number.isNaN(Date.parse(set))) throw new BadInput('set', 'must be an ISO 8601 instant');
  clock.set(set);
}
