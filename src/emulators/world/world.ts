import type { DemoAccount } from '../accounts';
import type { EcwidStaffRow, EcwidStore } from '../ecwid/model';
import type { SwoWorld } from '../softwareone/model';
import type { WixSite, WixSiteInvite } from '../wix/model';

/** What an API in front of the vendors is taken to know from earlier writes of its own. */
export interface Remembered {
  /** Wix invites it sent, as Wix has them at the epoch. */
  readonly wix: { account: string; invite: WixSiteInvite }[];
  /** Ecwid rows it invited and revoked; the store has them no longer. */
  readonly ecwidRevoked: { account: string; row: EcwidStaffRow }[];
}

/** Everything the vendors contain. */
export interface World {
  readonly accounts: DemoAccount[];
  readonly ecwid: readonly EcwidStore[];
  readonly softwareone: SwoWorld;
  readonly wix: readonly WixSite[];
  readonly remembered: Remembered;
}

/** An instant so many days from the epoch, at an hour of that day; days before it are negative. */
export type At = (days: number, time?: string) => string;

/** Dates of a world relative to its epoch, so that what is pending stays so for two days and more. */
export function datesFrom(epoch: number): At {
  return (days, time = '09:00') => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return new Date(epoch + ((days * 24 + hours) * 60 + minutes) * 60_000).toISOString();
  };
}
