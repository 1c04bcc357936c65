import {
  chmodSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/ledger';
import { UNLIMITED } from './open';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('ledger in SQLite: file permissions', () => {
  let root: string;
  let mask: number;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rollcall-private-'));
    mask = process.umask(0o000);
  });
  afterEach(() => {
    process.umask(mask);
    rmSync(root, { recursive: true });
  });

  async function modes(file: string): Promise<Record<string, string>> {
    const ledger = await openLedger({ kind: 'sqlite', file }, UNLIMITED, Date.now);
    await ledger.ping();
    const folder = join(file, '..');
    const found = readdirSync(folder).map((name) => [name, modeOf(join(folder, name))] as const);
    await ledger.close();
    return Object.fromEntries(found);
  }
  const PRIVATE = { 'a.db': '600', 'a.db-shm': '600', 'a.db-wal': '600' };

  it('are 0600 for the file and those beside it, 0700 for folders that are made', async () => {
    expect(await modes(join(root, 'data', 'deep', 'a.db'))).toEqual(PRIVATE);
    expect([modeOf(join(root, 'data')), modeOf(join(root, 'data', 'deep'))]).toEqual(['700', '700']);
  });

  it('leave a folder that was there as it is', async () => {
    mkdirSync(join(root, 'shared'), { mode: 0o755 });
    expect(await modes(join(root, 'shared', 'a.db'))).toEqual(PRIVATE);
    expect(modeOf(join(root, 'shared'))).toBe('755');
  });

  it('are tightened for a file that an earlier version made', async () => {
    const file = join(root, 'a.db');
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    expect(await modes(file)).toEqual(PRIVATE);
  });

  it('are left as they are for a folder, and for a link, that the configuration names by mistake', async () => {
    const folder = join(root, 'folder');
    mkdirSync(folder, { mode: 0o755 });
    symlinkSync(folder, join(root, 'link'));
    for (const file of [folder, join(root, 'link')])
      await expect(openLedger({ kind: 'sqlite', file }, UNLIMITED, Date.now)).rejects.toThrow();
    expect(modeOf(folder)).toBe('755');
  });
});
