import fs from 'node:fs';
import path from 'node:path';
import { noteTable } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { makePiece } from '../testing/pieces.js';
import { temporaryFolder } from '../testing/run-rondo.js';
import { writeNotePictures } from './note-pictures.js';
import { writePicture } from './write-picture.js';

const pngSignature = '89504e470d0a1a0a';

describe('writeNotePictures', () => {
  const folder = temporaryFolder();

  it('writes five pictures in two formats', () => {
    const score = makePiece(1);
    const notes: string[] = [];
    const files = writeNotePictures(folder, 'piece', score, noteTable(score), (line) => notes.push(line));
    expect(notes).toEqual([]);
    expect(files.map((file) => path.basename(file)).sort()).toEqual(fs.readdirSync(folder).sort());
    expect(files).toHaveLength(10);
    for (const file of files.filter((name) => name.endsWith('.png')))
      expect(fs.readFileSync(file).subarray(0, 8).toString('hex')).toBe(pngSignature);
  });
});

describe('writePicture', () => {
  const folder = temporaryFolder();
  const endless = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="90000"></svg>';

  it('keeps the SVG and reports a PNG that would be too large', () => {
    const base = path.join(folder, 'long');
    const codes: string[] = [];
    expect(writePicture(base, endless, (error) => codes.push(error.code))).toEqual([`${base}.svg`]);
    expect(codes).toEqual(['RONDO_RENDER_SIZE']);
    expect(fs.existsSync(`${base}.png`)).toBe(false);
  });

  it('throws what nobody listens for, and what is no matter of the picture', () => {
    expect(() => writePicture(path.join(folder, 'long'), endless)).toThrow(/45000 pixels/);
    expect(() => writePicture(path.join(folder, 'missing', 'x'), endless, () => undefined)).toThrow(/ENOENT|no such/);
  });
});
