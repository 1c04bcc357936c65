import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '..', 'spec');

interface Functions {
  findChangedFunctions(): string[];
  readFunctions(): Record<string, Record<string, string>>;
  digestOf(source: string, name: string): string | null;
}

const { findChangedFunctions, readFunctions, digestOf } =
  jest.requireActual<Functions>('../spec/functions.cjs');

describe('model of the at-most-once protocol', () => {
  it('is up to date with the functions that it stands for', () => {
    expect(findChangedFunctions()).toEqual([]);
  });

  it('names each listed function in a model or in the page that explains it', () => {
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.pml') || name === 'README.md')
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const names = Object.values(readFunctions()).flatMap((functions) => Object.keys(functions));
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(texts))).toEqual([]);
  });

  it('ignores comments and layout, and notices any other change', () => {
    const digest = digestOf('const wait = (at?: number) => [at, ...all][1];', 'wait');
    expect(
      digestOf('/** A comment. */\nconst wait = (\n  at?: number, // here\n) => [at, ...all][1];', 'wait'),
    ).toBe(digest);
    expect(digestOf('const wait = (at?: number) => [at, ...all][2];', 'wait')).not.toBe(digest);
    expect(digestOf('const pause = (at: number) => at;', 'wait')).toBeNull();
  });
});
