import { describe, expect, it } from 'vitest';
import { outputNames } from './output-names.js';

describe('outputNames', () => {
  it('numbers what shares a name, whatever else is called like a numbered one', () => {
    const name = outputNames();
    const files = ['a/x.mid', 'a/x-2.mid', 'b/x.mid', 'b/x-2.mid', 'c/X.MID', 'c/y.v2.midi'];
    expect(files.map(name)).toEqual(['x', 'x-2', 'x-3', 'x-2-2', 'X-4', 'y.v2']);
  });

  it('takes names that look alike on disk as one', () => {
    const name = outputNames();
    expect([name('é.mid'), name('e\u0301.mid'.normalize('NFD'))]).toEqual(['é', 'e\u0301-2']);
  });

  it('stays quick with many files of one name', () => {
    const name = outputNames();
    const names = Array.from({ length: 50_000 }, (_, index) => name(`${index}/song.mid`));
    expect(new Set(names).size).toBe(50_000);
    expect(names.at(-1)).toBe('song-50000');
  }, 2000);
});
