import { request } from 'node:http';
import { at } from '../support/at';
import { type LogLine, readLine } from '../support/process';
import { type Served, type ServedOptions, startServed } from '../support/served';
import { waitFor } from '../support/wait-for';

/** The program with several workers. */
export interface Workers extends Served {
  /** What was logged, line by line; empty objects where a line is no JSON. */
  lines(): LogLine[];
  /** The process that has a worker's number now. */
  pidOf(worker: number): number;
  /** Asks over a connection of its own, so that any worker may be the one to answer; anything but 200 fails the test. */
  askAnew(query: string, headers?: Readonly<Record<string, string>>): Promise<Told>;
  /** Asks until a certain worker has answered; gives its answer. */
  askOf(worker: number, query: string, headers?: Readonly<Record<string, string>>): Promise<Told>;
  /** Asks until each worker has answered. */
  askAll(query: string, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends a worker as a crash would, and waits for the one that follows. */
  replace(worker: number): Promise<void>;
}

/** An answer, and which worker gave it. */
export interface Told {
  readonly worker: number;
  readonly data: unknown;
}

const running: Workers[] = [];

/** Ends what a test has started, however it went. */
export async function endAll(): Promise<void> {
  await Promise.all(running.splice(0).map((app) => app.close()));
}

/** Starts the vendors, then the program with so many workers. */
export async function startWorkers(count: number, options: ServedOptions = {}): Promise<Workers> {
  const served = await startServed({ ...options, args: ['--workers', String(count)] });
  const lines = (): LogLine[] => served.process.stdout.map(readLine);
  const started = (worker: number): LogLine[] =>
    lines().filter((line) => line['msg'] === 'worker listens' && line['worker'] === worker);
  let asked = 0;

  const askAnew: Workers['askAnew'] = async (query, headers = {}) => {
    const id = `asked-${process.pid}-${++asked}`;
    const authorization = `Bearer ${served.token}`;
    const answer = await post(served.url, { query }, { authorization, ...headers, 'x-request-id': id });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer));
    const found = () => lines().find((line) => line['requestId'] === id);
    await waitFor(() => found() !== undefined);
    return { worker: Number(found()?.['worker']), data: at(answer.body, 'data') };
  };
  const workers: Workers = {
    // What it is made of changes with each start.
    ...served,
    get process() {
      return served.process;
    },
    get url() {
      return served.url;
    },
    lines,
    pidOf: (worker) => Number(started(worker).at(-1)?.['pid']),
    askAnew,
    askOf: async (worker, query, headers) => {
      for (let tries = 0; tries < 10 * count; tries++) {
        const told = await askAnew(query, headers);
        if (told.worker === worker) return told;
      }
      throw new Error(`worker ${worker} does not answer`);
    },
    askAll: async (query, headers) => {
      const heard = new Set<number>();
      await waitFor(async () => heard.add((await askAnew(query, headers)).worker).size === count);
    },
    replace: async (worker) => {
      const before = started(worker).length;
      process.kill(workers.pidOf(worker), 'SIGKILL');
      await waitFor(() => started(worker).length > before);
    },
  };
  running.push(workers);
  return workers;
}

/** One request over a connection that nothing else uses. */
export function post(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = '';
        response
          .setEncoding('utf8')
          .on('data', (chunk: string) => (text += chunk))
          .on('end', () => {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown });
          })
          .on('error', reject);
      },
    );
    outgoing.setTimeout(240_000, () => outgoing.destroy(new Error('no answer'))).on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}
