import type { Dispatcher } from 'undici';
import type { Fate } from './plan';
import type { Owner, Scheduler } from './scheduler';
import type { Effect, SimulatedVendor, Store, VendorRequest } from './vendor';

/** What the transport of a history tells, and what it has to know. */
export interface TransportHooks {
  readonly scheduler: Scheduler;
  readonly vendor: SimulatedVendor;
  readonly store: Store;
  /** How long a caller waits for its write, in milliseconds. */
  readonly writeTimeout: number;
  /** For how long a write may be under way, in milliseconds. */
  readonly lease: number;
  /** What becomes of the vendor write of a request. */
  fateOf(owner: Owner): Fate;
  /** A vendor has answered a read. */
  onRead(owner: Owner): void;
  /** A vendor has carried a write out; `isLate`: after its caller has given up. */
  onExecuted(owner: Owner, effect: Effect, isLate: boolean): void;
}

type Lateness = 'IN_TIME' | 'LATE' | 'VERY_LATE';

type Handler = Required<
  Pick<
    Dispatcher.DispatchHandler,
    'onRequestStart' | 'onResponseStart' | 'onResponseData' | 'onResponseEnd' | 'onResponseError'
  >
>;

/** HTTP in memory: each part of an exchange is a step of its own. */
export function createTransport(hooks: () => TransportHooks): Dispatcher {
  const dispatch = (options: Dispatcher.DispatchOptions, given: Dispatcher.DispatchHandler): boolean => {
    const handler = given as Handler;
    const { scheduler, vendor, store, ...rest } = hooks();
    const owner = scheduler.owner();
    const request: VendorRequest = {
      method: options.method,
      path: options.path,
      body: typeof options.body === 'string' ? JSON.parse(options.body) : null,
    };
    const what = `${request.method} ${nameOf(request.path)}`;
    const controller = createController();

    const reset = (name: string): void => {
      scheduler.add({
        name,
        owner,
        run: () => {
          handler.onResponseError(controller, new Error(name));
        },
      });
    };
    const answer = (status: number, body: object): void => {
      scheduler.add({
        name: `gets ${status}`,
        owner,
        run: () => {
          if (controller.aborted) return;
          handler.onResponseStart(controller, status, { 'content-type': 'application/json' });
          handler.onResponseData(controller, Buffer.from(JSON.stringify(body)));
          handler.onResponseEnd(controller, {});
        },
      });
    };
    const start = (then: () => void): void => {
      scheduler.add({
        name: `starts ${what}`,
        owner,
        run: () => {
          handler.onRequestStart(controller, undefined);
          if (controller.aborted) handler.onResponseError(controller, new Error('aborted'));
          else then();
        },
      });
    };
    const execute = (lateness: Lateness, then: (body: object) => void): void => {
      const givenUp = scheduler.now() + rest.writeTimeout;
      const isLate = lateness !== 'IN_TIME';
      const due = lateness === 'VERY_LATE' ? scheduler.now() + rest.lease : givenUp;
      if (lateness === 'VERY_LATE') scheduler.hold(owner);
      scheduler.add({
        name: `vendor executes ${what}${isLate ? ', late' : ''}`,
        owner: { process: null, request: owner.request },
        ...(isLate ? { due: due + 1 } : { expires: givenUp }),
        run: () => {
          scheduler.release(owner);
          const done = vendor.write(store, request);
          if (!done) {
            answer(404, {});
            return;
          }
          rest.onExecuted(owner, done.effect, isLate);
          then(done.body);
        },
      });
    };

    if (request.method === 'GET') {
      start(() => {
        const body = vendor.read(store, request);
        rest.onRead(owner);
        answer(body ? 200 : 404, body ?? {});
      });
      return true;
    }
    const fate = rest.fateOf(owner);
    const die = (): void => {
      if (owner.process) owner.process.isAlive = false;
    };
    if (fate === 'UNREACHABLE') reset('cannot connect');
    else if (fate === 'DIES_BEFORE') scheduler.add({ name: 'its process dies', owner, run: die });
    else
      start(() => {
        if (fate === 'REFUSED') answer(409, {});
        else if (fate === 'FAILED_BEFORE') answer(503, {});
        else if (fate === 'RESET_BEFORE') reset('connection reset');
        else if (fate === 'REQUEST_LOST') scheduler.note(`request ${owner.request ?? ''}, ${what}: lost`);
        else
          execute(fate === 'LATE' || fate === 'VERY_LATE' ? fate : 'IN_TIME', (body) => {
            if (fate === 'FAILED_AFTER') answer(500, {});
            else if (fate === 'DIES_AFTER') die();
            else if (fate === 'RESET_AFTER') reset('connection reset');
            else if (fate !== 'ANSWER_LOST') answer(200, body);
          });
      });
    return true;
  };
  return { dispatch } as unknown as Dispatcher;
}

function createController(): Dispatcher.DispatchController {
  let aborted = false;
  return {
    get aborted() {
      return aborted;
    },
    get paused() {
      return false;
    },
    get reason() {
      return null;
    },
    abort: () => {
      aborted = true;
    },
    pause: () => undefined,
    resume: () => undefined,
  };
}

/** The last parts of a path, without its query. */
const nameOf = (path: string): string => path.replace(/\?.*/, '').split('/').slice(-2).join('/');
