import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

describe('schema check (breaking changes)', () => {
  /** A repository of its own, with this schema released as v1. */
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-schema-'));
    cpSync(join(ROOT, 'schema'), join(folder, 'schema'), { recursive: true });
    git('init', '--quiet');
    commit();
    git('tag', 'v1');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  };
  const commit = (): void => {
    git('add', '.');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '-m', 'x');
  };
  /** Commits the schema with one text in it replaced. */
  const change = (file: string, from: string | RegExp, to: string): void => {
    const path = join(folder, 'schema', file);
    const text = readFileSync(path, 'utf8');
    expect(text.replace(from, to)).not.toBe(text);
    writeFileSync(path, text.replace(from, to));
    commit();
  };
  const check = (...args: string[]): { status: number | null; report: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'scripts', 'check-schema.mjs'), ...args],
      { cwd: folder, encoding: 'utf8' },
    );
    return { status, report: stdout + stderr };
  };

  it('accepts additions', () => {
    change('person.graphql', /^type Person .*$/m, '$&\n  "New."\n  nickname: String');

    expect(check()).toEqual({
      status: 0,
      report: 'schema: compared with v1\n0 breaking, 0 worth a look, 2 others\n',
    });
  });

  it.each<[string, string, string | RegExp, string, string]>([
    ['a field renamed', 'staff-member.graphql', 'joinedAt: DateTime', 'since: DateTime', "'joinedAt'"],
    [
      'a type made nullable',
      'account.graphql',
      'externalId: String!\n',
      'externalId: String\n',
      'externalId',
    ],
    ['an enum value removed', 'base.graphql', /^ {2}STALE$/m, '  OLD', "'STALE'"],
    [
      'a key removed',
      'account.graphql',
      ' @key(fields: "vendor externalId")',
      '',
      'Account has lost @key(fields: "vendor externalId")',
    ],
    [
      'another scope asked for',
      'person.graphql',
      /^type Person (.*)staff:read/m,
      'type Person $1staff:admin',
      'Person now asks for @requiresScopes(scopes: [["staff:admin"]])',
    ],
  ])('fails on %s', (_what, file, from, to, told) => {
    change(file, from, to);
    const { status, report } = check();

    expect(status).toBe(1);
    expect(report).toContain('schema: compared with v1\nbreaking:\n');
    expect(report).toContain(told);
  });

  it('compares a release with the previous one', () => {
    change('staff-member.graphql', 'joinedAt: DateTime', 'since: DateTime');
    git('tag', 'v2');

    expect(check().report).toContain('compared with v1\n');
  });

  it('reports a missing tag, and compares with the contract', () => {
    git('tag', '--delete', 'v1');
    cpSync(join(ROOT, 'test', 'support'), join(folder, 'test', 'support'), { recursive: true });
    expect(check().report).toContain('contract.graphql: there is no tag to compare with\n0 breaking');

    change('staff-member.graphql', 'joinedAt: DateTime', 'since: DateTime');
    expect(check().status).toBe(1);
  });

  it('fails without anything to compare with', () => {
    expect(check('--against', 'v9')).toEqual({
      status: 1,
      report: 'v9 is no file, and no tag or commit with a schema in it.\n',
    });
  });
});
