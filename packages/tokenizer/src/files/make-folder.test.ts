import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../testing/corpus.js';
import { makeFolder } from './make-folder.js';

describe('makeFolder', () => {
  const newFolder = temporaryFolders();

  it('makes all that is missing, and leaves what is there', () => {
    const folder = newFolder();
    const deep = path.join(folder, 'a', 'b', 'c');
    expect(makeFolder(deep)).toEqual(['a', 'a/b', 'a/b/c'].map((made) => path.join(folder, made)));
    fs.writeFileSync(path.join(deep, 'kept'), '');
    expect(makeFolder(deep)).toEqual([]);
    expect(fs.readdirSync(deep)).toEqual(['kept']);
  });

  it('says what is in the way', () => {
    const folder = newFolder();
    fs.writeFileSync(path.join(folder, 'file'), '');
    expect(() => makeFolder(path.join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(() => makeFolder(path.join(folder, 'file', 'below'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });

  it.runIf(fs.existsSync('/proc/self'))('ends where the system makes no folders', () => {
    expect(() => makeFolder('/proc/rondo/new')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
