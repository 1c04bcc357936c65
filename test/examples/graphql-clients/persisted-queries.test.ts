import { closeAll } from '../../support/close-all';
import { SEED_INVITES } from '../../support/seed-ids';
import { type Rollcall, startRollcall, UNCACHED } from '../../support/start';
import { LIBRARIES, loadClient } from './clients';

/** One request as it went out, and its answer. */
interface Exchange {
  readonly method: string;
  readonly sent: 'hash' | 'document' | 'hash and document';
  readonly status: number;
  /** The codes in `errors`. */
  readonly codes: readonly string[];
}

interface Sent {
  readonly query?: string;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: string } };
}

describe.each(LIBRARIES)('automatic persisted queries with %s', (library) => {
  let rollcall: Rollcall;
  let exchanges: Exchange[];
  beforeEach(async () => {
    rollcall = await startRollcall({ limits: UNCACHED });
  });
  afterEach(() => closeAll(rollcall));

  const recorded: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init);
    const { errors = [] } = (await answer.clone().json()) as { errors?: { extensions: { code: string } }[] };
    exchanges.push({
      method: init?.method ?? 'GET',
      sent: whatWasSent(url, init),
      status: answer.status,
      codes: errors.map(({ extensions }) => extensions.code),
    });
    return answer;
  };

  /** Reads one page with a client of its own, whose cache is empty. */
  const readOnce = async (persistedQueries: 'GET' | 'POST'): Promise<readonly Exchange[]> => {
    exchanges = [];
    const client = (await loadClient(library))(rollcall.app.url, { fetch: recorded, persistedQueries });
    const { rows } = await client.readAll({ name: 'staffMembers', first: 100 });
    expect(rows).toHaveLength(57);
    return exchanges;
  };

  it.each(['GET', 'POST'] as const)(
    'sends the document once by %s, and its hash alone from then on',
    async (method) => {
      const [miss, registration, ...more] = await readOnce(method);
      expect(miss).toEqual({ method, sent: 'hash', status: 200, codes: ['PERSISTED_QUERY_NOT_FOUND'] });
      expect(registration).toMatchObject({ sent: 'hash and document', status: 200, codes: [] });
      expect(more).toEqual([]);
      for (let again = 0; again < 3; again++)
        expect(await readOnce(method)).toEqual([{ method, sent: 'hash', status: 200, codes: [] }]);
    },
  );

  it('sends mutations by POST, and sends the email once', async () => {
    exchanges = [];
    const client = (await loadClient(library))(rollcall.app.url, {
      fetch: recorded,
      persistedQueries: 'GET',
    });
    expect(await client.resendInvite(SEED_INVITES.softwareone.pending, 'click-1')).toMatchObject({
      outcome: 'REQUESTED',
    });
    expect(exchanges.map(({ method }) => method)).not.toContain('GET');
    expect(rollcall.emulators.softwareone.mails).toHaveLength(1);
  });
});

function whatWasSent(url: Parameters<typeof fetch>[0], init: RequestInit | undefined): Exchange['sent'] {
  const address = url instanceof Request ? url.url : url;
  const search = Object.fromEntries(new URL(address).searchParams) as { query?: string; extensions?: string };
  const sent: Sent =
    typeof init?.body === 'string'
      ? (JSON.parse(init.body) as Sent)
      : { ...search, extensions: JSON.parse(search.extensions ?? '{}') as NonNullable<Sent['extensions']> };
  const hash = sent.extensions?.persistedQuery?.sha256Hash !== undefined;
  if (!hash) return 'document';
  return sent.query === undefined ? 'hash' : 'hash and document';
}
