import { Agent } from 'undici';
import { Abort } from '../abort';
import type { Config } from '../config';
import { createMetrics } from '../metrics';
import type { SourceErrorCode } from '../model';
import { VendorFailure } from '../vendors/outcome';
import type { Reading } from '../vendors/provider';
import { alone } from '../vendors/signals';

/** How many accounts are asked at once, and how long all of them may take together. */
const CONCURRENCY = 32;
const ALL_MS = 300_000;

const PROBLEMS: Readonly<Record<SourceErrorCode, string>> = {
  AUTH: 'the vendor refuses the credential',
  FORBIDDEN: 'the credential does not give the right to read staff',
  THROTTLED: 'the vendor asks to wait before it is asked again',
  TIMEOUT: 'the vendor does not answer in time',
  UNAVAILABLE: 'the vendor cannot be reached, or fails: is its baseUrl right?',
  PROTOCOL:
    "the vendor refuses the read, or answers with something else: are the account's id and baseUrl right?",
  TOO_LARGE: 'the answer is larger than limits.responseBytes',
  NOT_REACHED: 'it takes more vendor calls than limits.vendorCalls allows',
  NOT_SUPPORTED: 'the vendor does not support this read',
};

/** Nothing of an account but whether its staff can be read. */
const NOTHING = {
  account: new Set<string>(),
  staffMember: new Set(['id']),
  invite: new Set<string>(),
  role: new Set<string>(),
  person: new Set<string>(),
};

/**
 * Reads one page of one member of each account: what its credential is for, and a call that changes nothing. Resolves with
 * a line for each account that cannot be read; one that fails or hangs holds up none of the others.
 */
export async function tryAccounts(
  { accounts, vendors, limits }: Config,
  onProgress: (tried: number, of: number) => void,
): Promise<string[]> {
  const agent = new Agent({ connections: null, connect: { timeout: limits.connectTimeout } });
  const metrics = createMetrics({ *connections() {}, ledger: () => Promise.resolve(0) });
  const transport = { reads: agent, writes: agent, limits, clock: Date.now, metrics, signals: alone };
  const memory = { remembered: () => Promise.resolve([]), lastSends: () => Promise.resolve(new Map()) };
  const end = new Abort();
  const timer = setTimeout(() => {
    end.abort();
  }, ALL_MS);
  const reading: Reading = {
    fields: NOTHING,
    signal: end.signal,
    timeLeft: () => limits.readTimeout,
    callsLeft: () => limits.vendorCalls,
    ask: async (_account, _question, ask) => ({
      value: await ask({ signal: end.signal, bytes: 0 }),
      asOf: Date.now(),
      state: 'FRESH',
      because: null,
    }),
    until: () => reading,
    unshared: () => reading,
  };

  const tryOne = async (account: Config['accounts'][number]): Promise<string | null> => {
    const baseUrl = vendors[account.vendor.toLowerCase()]?.baseUrl ?? '';
    const provider = account.connect({ account, transport, baseUrl, memory, clock: Date.now });
    try {
      await provider.staffPage(
        reading,
        { first: 1, after: null },
        { status: null, emails: null, search: null },
      );
      return null;
    } catch (error) {
      const code = error instanceof VendorFailure ? error.code : null;
      const problem = code === null ? 'it cannot be read' : `${PROBLEMS[code]} (${code})`;
      return `account ${account.id} (${account.vendor.toLowerCase()}): ${problem}`;
    }
  };

  const problems: (string | null)[] = [];
  let next = 0;
  const isOver = (): boolean => end.signal.aborted;
  let tried = 0;
  const work = async (): Promise<void> => {
    while (next < accounts.length && !isOver()) {
      const index = next++;
      const account = accounts[index];
      const problem = account ? await tryOne(account) : null;
      if (isOver()) return;
      problems[index] = problem;
      onProgress(++tried, accounts.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  clearTimeout(timer);
  await agent.destroy();
  const found = problems.filter((problem) => typeof problem === 'string');
  return tried === accounts.length
    ? found
    : [...found, `accounts: ${accounts.length - tried} were not tried within ${ALL_MS / 60_000} minutes`];
}
