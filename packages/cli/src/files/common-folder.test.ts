import { describe, expect, it } from 'vitest';
import { commonFolder } from './common-folder.js';

describe('commonFolder', () => {
  it.each<[string[], string]>([
    [['/a/b/c.mid', '/a/b/d/e.mid'], '/a/b/'],
    [['/a/bc/x.mid', '/a/bd/x.mid'], '/a/'],
    [['x.mid', 'y.mid'], ''],
    [['new/x.mid'], 'new/'],
    [['C:\\m\\x.mid', 'C:\\m\\y.mid'], 'C:\\m\\'],
    [[], ''],
  ])('%j → %s', (files, folder) => {
    expect(commonFolder(files)).toBe(folder);
  });
});
