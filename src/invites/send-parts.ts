import type { VisibleAccounts } from '../accounts';
import type { Clock } from '../clock';
import type { Ledger } from '../ledger/ledger';
import type { SendLimits } from '../ledger/limits';
import type { Metrics } from '../metrics';
import type { Account } from '../model';
import type { Provider, Reading } from '../vendors/provider';

/** What the writes of one operation work with. */
export interface SendParts {
  readonly accounts: VisibleAccounts;
  readonly provider: (account: Account) => Provider;
  readonly ledger: Ledger;
  readonly limits: SendLimits & { readonly writeTimeout: number };
  readonly reading: Reading;
  /** Subject of the caller's token; empty without one. */
  readonly actor: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly report: (error: unknown) => void;
  /** Takes one of the operation's vendor calls; false where none is left. */
  readonly takeCall: () => boolean;
  /** Forgets what was read of an account that has just been written to. */
  readonly forget: (account: Account) => void;
}
