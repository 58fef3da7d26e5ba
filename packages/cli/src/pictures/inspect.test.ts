import fs from 'node:fs';
import path from 'node:path';
import { writeMidi } from '@rondo/tokenizer';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../actions/inspect.js';
import { Output } from '../terminal/output.js';
import { makePiece, writePieceFiles } from '../testing/pieces.js';
import { temporaryFolder } from '../testing/run-rondo.js';

const inspect = (options: { midi: string[]; csv?: string; plots?: string }, signal: AbortSignal) =>
  run({ ...options, notes: false }, { output: new Output({ json: true, quiet: true }), signal });

describe('rondo inspect', () => {
  const folder = temporaryFolder();

  it('keeps the tables of different pieces apart', async () => {
    const files = ['a/x.mid', 'a/x-2.mid', 'b/x.mid'].map((name) => path.join(folder, name));
    for (const [index, file] of files.entries()) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, writeMidi(makePiece(index)));
    }
    const csv = path.join(folder, 'tables');
    const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await inspect({ midi: files, csv }, new AbortController().signal);
    print.mockRestore();
    const tables = fs.readdirSync(csv);
    expect(tables).toHaveLength(3);
    expect(new Set(tables.map((name) => fs.readFileSync(path.join(csv, name), 'utf8'))).size).toBe(3);
  });

  it('stops between files at Ctrl-C', async () => {
    const [plots, pieces] = [path.join(folder, 'plots'), path.join(folder, 'many')];
    writePieceFiles(pieces, 40);
    const controller = new AbortController();
    const running = inspect({ midi: [pieces], plots }, controller.signal);
    const watch = setInterval(() => fs.existsSync(plots) && controller.abort(), 5);
    await expect(running).rejects.toMatchObject({
      code: 'RONDO_INTERRUPTED',
      message: expect.stringMatching(/stopped after \d+ of 40 files/) as string,
    });
    clearInterval(watch);
    expect(fs.readdirSync(plots).length).toBeLessThan(40 * 10);
  });
});
