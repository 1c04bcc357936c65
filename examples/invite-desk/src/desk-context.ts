import { createContext, use } from 'react';
import type { InviteRowFragment } from './generated/graphql';
import type { Consent, Intent, Progress, Verb } from './intents/intent';

/** What a row can do, wherever it stands. */
export interface DeskActions {
  progressOf(inviteId: string): Progress | undefined;
  /** The invite in whose place this one came, or itself. */
  originOf(inviteId: string): string;
  /** Does it, or asks for the user's consent first. */
  begin(verb: Verb, invites: readonly InviteRowFragment[], consent?: Consent): void;
  repeat(intent: Intent): void;
  dismiss(inviteId: string): void;
  /** Opens the panel of whoever has this address. */
  look(email: string): void;
}

export const DeskContext = createContext<DeskActions | null>(null);

/** The desk around this component. */
export function useDesk(): DeskActions {
  const desk = use(DeskContext);
  if (!desk) throw new Error('This component belongs inside a desk.');
  return desk;
}
