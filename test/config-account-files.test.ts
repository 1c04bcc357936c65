import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '../src/config';
import { CANARY, ecwid, mistakesOf, softwareone, wix } from './support/config-mistakes';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-accounts-'));
  mkdirSync(join(folder, 'accounts'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (file: string, content: unknown): void => {
  writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
};
const auth = {
  issuer: 'https://login.example/',
  audience: 'rollcall',
  jwksUri: 'https://login.example/keys',
};

function load(
  accounts: unknown,
  env: Record<string, string> = {},
  tell?: (...read: number[]) => void,
): Config {
  write('rollcall.yaml', { auth, accounts });
  return loadConfig(join(folder, 'rollcall.yaml'), env, {}, tell);
}
const keysOf = ({ accounts }: Config): string[] => accounts.map(({ id }) => id);

describe('configuration: account files', () => {
  it('reads accounts from the files of a folder in the order of their names', () => {
    write('accounts/b.yaml', [wix]);
    write('accounts/a.yml', [ecwid, softwareone]);
    write('accounts/notes.txt', CANARY);
    const told: number[][] = [];
    const config = load('accounts', {}, (...read) => told.push(read));
    expect(keysOf(config)).toEqual([ecwid.key, softwareone.key, wix.key]);
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('reads accounts from files together with inline accounts', () => {
    write('more.yaml', [ecwid]);
    expect(keysOf(load([wix, './more.yaml']))).toEqual([wix.key, ecwid.key]);
    expect(keysOf(load(join(folder, 'more.yaml')))).toEqual([ecwid.key]);
  });

  it('interpolates environment variables and file contents, relative to the configuration file', () => {
    write('token', 'secret_x\n');
    write('accounts/a.yaml', [{ ...ecwid, key: '${KEY}', token: '${file:token}' }]);
    expect(keysOf(load('accounts', { KEY: 'from-env' }))).toEqual(['from-env']);
  });
});

describe('configuration: errors in account files', () => {
  it('reports all errors at once, each with its file and position', () => {
    write('accounts/a.yaml', [ecwid, { ...wix, apiKey: `${CANARY} ` }]);
    write('accounts/b.yaml', [
      { ...softwareone, key: ecwid.key },
      { ...ecwid, key: 'again' },
    ]);
    write('accounts/c.yaml', `- key: "${CANARY}\n`);
    write('accounts/d.yaml', { [CANARY]: [] });
    write('accounts/e.yaml', [{ ...wix, apiKey: '${NOPE}' }]);
    const mistakes = mistakesOf(() => load(['accounts', 'nowhere', { vendor: 'shopify' }]));
    expect(mistakes).toEqual(
      [
        'accounts/a.yaml[1].apiKey: has spaces, control characters or other bytes that no header may carry',
        'accounts/b.yaml[0].key: is taken by accounts/a.yaml[0]',
        'accounts/b.yaml[1]: is the same account of the same tenant as accounts/a.yaml[0]',
        'accounts/c.yaml line 2: misses a closing quote or bracket, a comma, or the space after a colon (MISSING_CHAR)',
        'accounts/d.yaml: must be a list of accounts',
        'accounts/e.yaml[0].apiKey: the environment variable NOPE is not set',
        'accounts/e.yaml[0].key: is taken by accounts/a.yaml[1]',
        'accounts[1]: nowhere is neither a file nor a folder with .yaml files',
        'accounts[2].vendor: must be one of ecwid, softwareone, wix',
      ].sort(),
    );
    expect(mistakes.join('\n')).not.toContain(CANARY);
  });

  it('reports a duplicate account with both positions', () => {
    write('a.yaml', [ecwid]);
    write('b.yaml', [{ ...ecwid, key: 'again' }]);
    expect(mistakesOf(() => load(['a.yaml', 'b.yaml']))).toEqual([
      'b.yaml[0]: is the same account of the same tenant as a.yaml[0]',
    ]);
  });
});
