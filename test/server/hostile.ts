import { emailLocalId } from '../../src/email';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

export type Variables = Readonly<Record<string, unknown>>;

/** Longer than any name, address or id may be. */
export const LONG = 'a'.repeat(10_240);

/** A pending invite: nothing but the input at fault stands in the way of a write to it. */
export const LENA = `harbor-tea:${emailLocalId('lena@harbor-tea.example')}`;

/** What a mutation is asked to answer. */
export const PAYLOAD = '{ outcome attempt { id } userErrors { code field message } }';

/** An app behind tokens for the tests of a file, and how its caller asks; nothing cached, nothing held back. */
export interface HostileStage {
  readonly app: Secured;
  ask(query: string, variables?: Variables): Promise<Reply>;
  /** A mistake in a query's argument: named in words and in the extensions, and no vendor asked. */
  expectBadInput(reply: Reply, argument: string): void;
  /** A mistake in a mutation's input: nothing sent, the input named. */
  expectRefused(reply: Reply, code: string, field: string): void;
}

/** Sets the stage for the tests of the file: the vendors are as at first before each of them. */
export function hostileStage(): HostileStage {
  let app: Secured;
  let token: string;
  beforeAll(async () => {
    const limits = { cacheTtl: '0s', staleTtl: '0s', cooldown: '0s', emailsPerInvitePerDay: 1000 };
    app = await startSecured({ limits });
    token = await app.signer.sign({ exp: seconds(3600) });
  });
  beforeEach(() => {
    app.emulators.reset();
  });
  afterAll(() => closeAll(app));

  return {
    get app() {
      return app;
    },
    ask: (query, variables = {}) => app.ask(query, { token, variables }),
    expectBadInput: ({ status, errors }, argument) => {
      expect(status).toBe(200);
      expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
      expect(errors[0]?.message).toMatch(new RegExp(`^${argument} `));
      expect(app.vendorCalls()).toEqual([]);
    },
    expectRefused: ({ errors, data }, code, field) => {
      expect(errors).toEqual([]);
      const [payload] = Object.values(data as Record<string, unknown>);
      expect(at(payload, 'outcome')).toBe('NOT_SENT');
      expect(at(payload, 'attempt')).toBeNull();
      expect(at(payload, 'userErrors')).toEqual([
        { code, field: ['input', field], message: expect.any(String) as string },
      ]);
      expect(app.vendorCalls()).toEqual([]);
    },
  };
}
