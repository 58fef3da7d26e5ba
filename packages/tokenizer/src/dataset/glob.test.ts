import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, tune, writeCorpus } from '../testing/corpus.js';
import { findMidiFiles } from './find-files.js';
import { globPattern, isGlob, splitGlob } from './glob.js';

const folder = temporaryFolders();

describe('glob patterns', () => {
  it.each([
    ['*.mid', ['a.mid', '.mid'], ['a.midi', 'b/a.mid']],
    ['a?c', ['abc'], ['ac', 'a/c']],
    ['[a-c]*', ['apple', 'c'], ['dog']],
    ['[!a-c]x', ['dx'], ['ax', '/x']],
    ['**/*.mid', ['a.mid', 'x/y/a.mid'], ['x/a.txt']],
    ['x/**', ['x/a', 'x/y/b'], ['y/x/a']],
    ['{jazz,folk}/*.{mid,kar}', ['jazz/a.mid', 'folk/b.kar'], ['rock/a.mid', 'jazz/a.rmi']],
    ['a+(b).mid', ['a+(b).mid'], ['aab.mid']],
  ])('%s', (pattern, yes, no) => {
    expect(isGlob(pattern) || pattern.startsWith('a+')).toBe(true);
    for (const path of yes) expect(globPattern(pattern).test(path), path).toBe(true);
    for (const path of no) expect(globPattern(pattern).test(path), path).toBe(false);
  });

  it('are split where the first sign stands', () => {
    expect(splitGlob('a/b/*/c*.mid')).toEqual({ base: 'a/b', rest: '*/c*.mid' });
    expect(splitGlob('*.mid')).toEqual({ base: '.', rest: '*.mid' });
    expect(splitGlob('/{a,b}')).toEqual({ base: '/', rest: '{a,b}' });
  });

  it('have backslashes and drives on Windows, and there alone', () => {
    expect(splitGlob('C:\\music\\a\\*.mid', 'win32')).toEqual({ base: 'C:/music/a', rest: '*.mid' });
    expect(splitGlob('D:\\*.mid', 'win32')).toEqual({ base: 'D:/', rest: '*.mid' });
    expect(splitGlob('D:/*/*.mid', 'win32')).toEqual({ base: 'D:/', rest: '*/*.mid' });
    expect(splitGlob('a\\*.mid', 'linux')).toEqual({ base: '.', rest: 'a\\*.mid' });
  });

  it('find files, and whole folders; a file that has such a name itself is that file', async () => {
    const root = folder();
    const names = ['jazz/a.mid', 'jazz/deep/b.MID', 'folk/c.kar', 'rock/d.mid', 'rock/d.txt', 'x[1].mid'];
    writeCorpus(root, Object.fromEntries(names.map((name, i) => [name, tune(i)])));
    const found = async (pattern: string): Promise<string[]> =>
      (await findMidiFiles([join(root, pattern)])).map(({ path }) => path.slice(root.length + 1));
    expect(await found('{jazz,folk}')).toEqual(['folk/c.kar', 'jazz/a.mid', 'jazz/deep/b.MID']);
    expect(await found('*/*.mid')).toEqual(['jazz/a.mid', 'rock/d.mid']);
    expect(await found('**/[b-d].*')).toEqual(['folk/c.kar', 'jazz/deep/b.MID', 'rock/d.mid']);
    expect(await found('x[1].mid')).toEqual(['x[1].mid']);
    expect((await findMidiFiles([join(root, 'ro*/*')])).map(({ label }) => label)).toEqual([expect.stringMatching(/\/rock\/d\.mid$/)]); // prettier-ignore
    await expect(found('none*')).rejects.toThrow(/no MIDI file matches .*none\*/);
  });
});
