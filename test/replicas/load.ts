import { Agent } from 'node:http';
import type { PlannedWrite } from '../support/planned-writes';
import type { SourceTold, Three, WriteTold } from './three';

/** A write as its client saw it: asked for again, under the same key, whenever no answer came. */
export interface Story {
  readonly write: PlannedWrite;
  /** The client's ports, one for each time it asked. */
  readonly clientPorts: number[];
  /** Over which no answer came. */
  readonly lost: WriteTold[];
  /** What it was told; null until then. */
  answer: WriteTold | null;
}

/** Clients that ask and write all the time, as gateways do: some with a pool, some with a new connection each time. */
export interface Load {
  readonly reads: readonly SourceTold[];
  readonly stories: readonly Story[];
  /** Lets everybody end what he has begun. */
  stop(): Promise<void>;
}

const READERS = 8;
const WRITERS = 4;
/** So that something is always on its way. */
const READ_MS = 15;
const WRITE_MS = 300;

/** Puts three replicas under load: reads of these accounts, and these writes for as long as there are any. */
export function startLoad(three: Three, accounts: readonly string[], writes: readonly PlannedWrite[]): Load {
  const { ecwid, softwareone, wix } = three.served.emulators;
  for (const { faults } of [ecwid, softwareone, wix]) {
    faults.add({ kind: 'latency', ms: READ_MS });
    faults.add({ kind: 'latency', ms: WRITE_MS, route: 'POST *' });
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const reads: SourceTold[] = [];
  const stories: Story[] = [];
  const left = writes.values();
  let going = true;

  const read = async (reader: number): Promise<void> => {
    for (let turn = reader; going; turn++) {
      const account = accounts[turn % accounts.length] ?? '';
      reads.push(
        await three.source(account, { fresh: turn % 3 === 0, agent: reader % 2 === 0 ? agent : undefined }),
      );
    }
  };
  const write = async (writer: number): Promise<void> => {
    for (const planned of left) {
      const story: Story = { write: planned, clientPorts: [], lost: [], answer: null };
      stories.push(story);
      const onPort = (port: number): void => void story.clientPorts.push(port);
      while (!story.answer) {
        const told = await three.write(planned, { agent: writer % 2 === 0 ? agent : undefined, onPort });
        if (told.answered) story.answer = told;
        else story.lost.push(told);
      }
      if (!going) return;
    }
  };
  const clients = [
    ...Array.from({ length: READERS }, (_, reader) => read(reader)),
    ...Array.from({ length: WRITERS }, (_, writer) => write(writer)),
  ];
  return {
    reads,
    stories,
    stop: async () => {
      going = false;
      await Promise.all(clients);
      agent.destroy();
      for (const { faults } of [ecwid, softwareone, wix]) faults.clear();
    },
  };
}
