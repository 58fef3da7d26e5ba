import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/run-rondo.js';
import { readFile } from './whole-file.js';

const folder = temporaryFolder();

describe('reading a whole file', () => {
  it('gives its bytes, empty and large ones too', () => {
    const file = path.join(folder, 'file');
    for (const size of [0, 5, 3 * 2 ** 20 + 1]) {
      const bytes = Buffer.alloc(size, 7);
      fs.writeFileSync(file, bytes);
      expect(readFile(file).equals(bytes)).toBe(true);
    }
  });

  it.skipIf(!fs.existsSync('/dev/zero'))('refuses what has no end', () => {
    expect(() => readFile('/dev/zero')).toThrow(/no end within 512 MiB/);
  });
});
