import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
const map = text.slice(text.indexOf('### Test map'));

const testFiles = (): string[] =>
  readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `test/${path.replaceAll('\\', '/')}`);

describe('CONTRIBUTING: test map', () => {
  it('lists every test file once: a new test file needs a row', () => {
    const listed = [...map.matchAll(/\]\((test\/[^)]+\.test\.ts)\)/g)].map(([, path]) => path);
    expect(listed.sort()).toEqual(testFiles().sort());
  });

  it('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
    expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
