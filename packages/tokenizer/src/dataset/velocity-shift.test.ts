import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFolder, temporaryFolders, tune, tunes, writeCorpus } from '../testing/corpus.js';
import { isAsWritten } from './as-written.js';
import { openDataset } from './open-dataset.js';
import { pieceIds } from './piece-stream.js';
import { prepareDataset } from './prepare.js';
import { breakOff } from './testing/break-off.js';
import type { PieceEntry, PrepareOptions } from './types.js';

const folder = temporaryFolders();

function place(count = 10): PrepareOptions & { readonly root: string } {
  const root = folder();
  writeCorpus(join(root, 'midi'), tunes(count));
  return { root, inputs: [join(root, 'midi')], out: join(root, 'set') };
}

const bytesOf = (dir: string): Record<string, string> =>
  Object.fromEntries(listFolder(dir).map((name) => [name, readFileSync(join(dir, name), 'base64')]));

const shifts = (pieces: readonly PieceEntry[]): string[] =>
  pieces.map(({ transpose, velocityShift }) => `${transpose} ${velocityShift ?? 'as written'}`);

describe('velocity shifts', () => {
  it.each(['remi', 'performance'] as const)('make louder and softer copies in training alone: %s', async (scheme) => {
    const options = place();
    const report = await prepareDataset({ ...options, scheme, transpose: [0, 1], velocityShift: [-20, 0, 20] });
    expect(report.pieces).toBe(10);
    const dataset = await openDataset(options.out, { verify: true });
    expect(dataset.manifest.preparation.velocityShift).toEqual([-20, 0, 20]);
    const held = [...dataset.split('valid').pieces, ...dataset.split('test').pieces];
    expect(held.every((piece) => isAsWritten(piece) && !('velocityShift' in piece))).toBe(true);
    const train = dataset.split('train');
    const of = (shift: number): string[] => [`0 ${shift}`, `1 ${shift}`];
    const expected = ['0 as written', '1 as written', ...of(-20), ...of(20)].sort();
    expect(shifts(train.pieces.slice(0, 6)).sort()).toEqual(expected);
    expect(train.pieces).toHaveLength(8 * 6);
    expect(train.pieces.filter(isAsWritten)).toHaveLength(8);
    let piece = 0;
    for (const ids of pieceIds(train)) {
      const { velocityShift = 0 } = train.pieces[piece++];
      const { notes } = dataset.tokenizer.decode(ids).tracks[0];
      expect(Math.abs(notes[0].velocity - 80 - velocityShift)).toBeLessThanOrEqual(2); // 32 levels of 127
    }
    await dataset.close();
  });

  it('leave out copies that read the same: a shift inside a level, velocities at their end', async () => {
    const options = place(3);
    const [track] = tune(9).tracks;
    const loud = { ...tune(9), tracks: [{ ...track, notes: track.notes.map((note) => ({ ...note, velocity: 127 })) }] };
    writeCorpus(join(options.root, 'midi'), { 'loud.mid': loud });
    await prepareDataset({ ...options, velocityShift: [0, 20, 21, 20], split: [100, 0, 0] });
    const dataset = await openDataset(options.out);
    const copies = (file: string): PieceEntry[] => dataset.split('train').pieces.filter((piece) => piece.file === file);
    expect(shifts(copies('midi/loud.mid'))).toEqual(['0 as written']);
    expect(shifts(copies('midi/00.mid'))).toEqual(['0 as written', '0 20']);
    await dataset.close();
  });

  it('change nothing where none are asked for', async () => {
    const options = place();
    await prepareDataset({ ...options, transpose: [-1, 1] });
    await prepareDataset({ ...options, out: join(options.root, 'none'), transpose: [-1, 1], velocityShift: [] });
    expect(bytesOf(join(options.root, 'none'))).toEqual(bytesOf(options.out));
    expect(readFileSync(join(options.out, 'dataset.json'), 'utf8')).not.toContain('velocityShift');
    expect(readFileSync(join(options.out, 'train.pieces.jsonl'), 'utf8')).not.toContain('velocityShift');
  });

  it('are the same bytes after a break, and begin anew where they change', async () => {
    const options = { ...place(16), velocityShift: [-15, 15], conditions: { key: 'score' } } as const;
    const whole = await prepareDataset(options);
    const good = bytesOf(options.out);
    const out = join(options.root, 'broken');
    const from = (files: number, rest: Partial<PrepareOptions> = {}): Promise<number> =>
      breakOff({ ...options, out, ...rest }, files);
    expect(await from(5)).toBe(1);
    expect(await from(9)).toBe(6);
    expect((await prepareDataset({ ...options, out })).conditions).toEqual(whole.conditions);
    expect(bytesOf(out)).toEqual(good);
    expect(await from(5)).toBe(1);
    expect(await from(5, { velocityShift: [-15] })).toBe(1);
  });

  it('are refused where no token would tell them, and outside of MIDI', async () => {
    const options = place(3);
    const made = (rest: Partial<PrepareOptions>): Promise<unknown> => prepareDataset({ ...options, ...rest });
    const bare = { name: 'remi', velocityBins: 0 } as const;
    const code = 'RONDO_DATASET_OPTION';
    for (const scheme of ['grid', 'chord', bare, { name: 'performance', velocityBins: 1 }] as const) {
      const refused = made({ scheme, velocityShift: [5] });
      await expect(refused).rejects.toMatchObject({
        code,
        message: expect.stringMatching(/velocities apart/) as string,
      });
    }
    for (const velocityShift of [[127], [0.5], [Number.NaN]])
      await expect(made({ velocityShift })).rejects.toThrow(
        /^velocityShift: expected whole numbers from -126 to 126, got/,
      );
    expect(listFolder(options.root)).toEqual(['midi']);
  });
});
