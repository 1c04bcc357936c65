import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { ask, putInPlace } from './ask';
import { covers, type Intent, isOpen, newIntent, type Progress, type Wish } from './intent';
import { summary } from './telling';

/** The user's intents and how far they have come. */
export interface Intents {
  progressOf(inviteId: string): Progress | undefined;
  /** Carries out a wish: by the intent that is still open on it, else by a new one. */
  carryOut(wish: Wish): void;
  /** Asks once more about an intent whose answer has not come. */
  repeat(intent: Intent): void;
  /** The invite in whose place this one came, or itself: what is the same row to the user. */
  originOf(inviteId: string): string;
  /** Takes a note away. */
  dismiss(inviteId: string): void;
  /** The latest news, for those who listen. */
  readonly news: string;
}

/** Keeps the intents of this page. */
export function useIntents(): Intents {
  const client = useApolloClient();
  const [all, setAll] = useState<ReadonlyMap<string, Progress>>(new Map());
  const [origins, setOrigins] = useState<ReadonlyMap<string, string>>(new Map());
  const [news, setNews] = useState('');

  const note = (entries: readonly (readonly [string, Progress])[]): void => {
    setAll((old) => new Map([...old, ...entries]));
  };

  const run = async (intent: Intent): Promise<void> => {
    const ids = intent.inviteIds;
    // Shown before the next click can come, so a double click asks once.
    note(ids.map((id) => [id, { phase: 'asking', intent }]));
    setNews('Asking the vendor …');
    const answers = await ask(client, intent).catch(() => null);
    if (!answers) {
      note(ids.map((id) => [id, { phase: 'unanswered', intent }]));
      setNews('No answer came. Ask again: it is safe.');
      return;
    }
    const replaced = answers.flatMap(({ newInviteId }, index) =>
      newInviteId ? [[newInviteId, ids[index] ?? ''] as const] : [],
    );
    const answered = answers.map((answer) => ({ phase: 'answered', intent, answer }) as const);
    // The row learns what became of its invite before the list changes under it, and keeps the user's focus.
    flushSync(() => {
      setOrigins((old) => new Map([...old, ...replaced]));
      note(answered.map((progress, index) => [progress.answer.newInviteId ?? ids[index] ?? '', progress]));
      setNews(summary(intent.verb, answers));
    });
    for (const [newId, oldId] of replaced) putInPlace(client.cache, oldId, newId);
  };

  return {
    progressOf: (inviteId) => all.get(inviteId),
    originOf: (inviteId) => {
      let origin = inviteId;
      for (let id = origins.get(origin); id !== undefined; id = origins.get(id)) origin = id;
      return origin;
    },
    carryOut: (wish) => {
      const before = all.get(wish.inviteIds[0] ?? '');
      void run(before && isOpen(before) && covers(before.intent, wish) ? before.intent : newIntent(wish));
    },
    repeat: (intent) => void run(intent),
    dismiss: (inviteId) => {
      setAll((old) => new Map([...old].filter(([id]) => id !== inviteId)));
    },
    news,
  };
}
