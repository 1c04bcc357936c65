import { type Client, isDefinite, Unanswered, type WriteAnswer } from './client';
import type { Program } from './program';
import type { PlannedWrite } from '../support/planned-writes';

/** One write and all that its client was told. */
export interface Story {
  readonly write: PlannedWrite;
  readonly answers: WriteAnswer[];
  /** How often the process was gone before it had answered. */
  unanswered: number;
  /** Why its client has given up; a client that loses its process does not. */
  failure: string | null;
  /** When its client was last told something. */
  toldAt: number;
}

/** The program, one process after the other, and the clients that write through it. */
export interface Field {
  readonly program: Program;
  readonly stories: readonly Story[];
  /** What any of the processes logged as an error. */
  readonly errors: readonly string[];
  /** Sends a client on its way: it repeats its write under the same key until it is answered. */
  begin(write: PlannedWrite): Story;
  /** Sends it once more. */
  again(story: Story): void;
  /** Ends the process as a power cut would, and starts the next over the same database. */
  killAndRestart(aheadMs?: number): Promise<void>;
  /** Waits until no client waits any more. */
  settle(): Promise<void>;
}

/** Opens the field with a first process. */
export function openField(client: Client, start: (aheadMs: number) => Program): Field {
  let program = start(0);
  const programs = [program];
  const stories: Story[] = [];
  const running = new Map<Story, Promise<void>>();

  async function persist(story: Story): Promise<void> {
    for (;;) {
      const asked = program;
      try {
        story.answers.push(await client.ask(await asked.url, story.write));
        story.toldAt = Date.now();
        return;
      } catch (error) {
        if (asked === program || error instanceof Unanswered) {
          story.failure = String(error);
          return;
        }
        story.unanswered++;
      }
    }
  }

  const send = (story: Story): void => {
    if (running.has(story)) return;
    running.set(
      story,
      persist(story).finally(() => running.delete(story)),
    );
  };

  return {
    get program() {
      return program;
    },
    stories,
    get errors() {
      return programs.flatMap(({ errors }) => errors);
    },
    begin: (write) => {
      const story = { write, answers: [], unanswered: 0, failure: null, toldAt: 0 };
      stories.push(story);
      send(story);
      return story;
    },
    again: send,
    killAndRestart: async (aheadMs = 0) => {
      const gone = program.kill();
      program = start(aheadMs);
      programs.push(program);
      await gone;
    },
    settle: async () => {
      await Promise.all(running.values());
    },
  };
}

/** Whether its client still does not know what became of its write. */
export const isOpen = ({ answers }: Story): boolean => !answers.some(isDefinite);
