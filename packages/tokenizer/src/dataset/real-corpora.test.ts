import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMidi } from '../midi/read-midi.js';
import { createScheme } from '../schemes/registry.js';
import { temporaryFolders } from '../testing/corpus.js';
import { findMidiFiles } from './find-files.js';
import { prepareDataset } from './prepare.js';

const data = process.env['RONDO_CHECK_DATA'];
const title = data === undefined ? ' (skipped: RONDO_CHECK_DATA is not set)' : '';
const folder = temporaryFolders();

describe.skipIf(data === undefined)(`real corpora${title}`, () => {
  const below = (...parts: string[]): string => join(data as string, ...parts);

  it.each([
    ['jsb-quarter', '1/4', 13_807, 4_602],
    ['nottingham', '1/8', 176_561, 45_513],
  ])('%s has the published number of frames at %s', async (corpus, grid, train, valid) => {
    const scheme = createScheme({ name: 'grid', grid });
    const frames = { train: 0, valid: 0 };
    for (const split of ['train', 'valid'] as const) {
      for (const { path } of await findMidiFiles([below(corpus, split)])) {
        const tokens = scheme.encode(readMidi(readFileSync(path)));
        frames[split] += tokens.filter((token) => token === scheme.frameEnd).length;
      }
    }
    expect(frames).toEqual({ train, valid });
  });

  it('every chorale is legal, and comes back note for note from frames of a quarter', async () => {
    const scheme = createScheme({ name: 'grid', grid: '1/4' });
    for (const { path } of await findMidiFiles([below('jsb-quarter', 'valid')])) {
      const score = readMidi(readFileSync(path));
      const back = scheme.decode(scheme.encode(score));
      const notes = (all: typeof score): string[] =>
        all.tracks
          .flatMap((track) => track.notes.map(({ tick, duration, pitch }) => `${tick} ${pitch} ${duration}`))
          .sort();
      expect(notes(back)).toEqual(notes(score));
      expect(back.endTick).toBe(score.endTick);
    }
  });

  it('prepare of the chorales counts given splits, and finds bigrams far better than single tokens', async () => {
    const report = await prepareDataset({
      inputs: [below('jsb-quarter', 'train')],
      valid: below('jsb-quarter', 'valid'),
      out: join(folder(), 'jsb'),
      scheme: { name: 'grid', grid: '1/4' },
    });
    expect(report.files).toEqual({ ok: 305, skipped: [], duplicates: [] });
    expect(report.frames).toEqual({ train: 13_807, valid: 4_602, test: 0 });
    expect(report.baselines?.bigram).toBeLessThan((report.baselines?.unigram as number) - 0.8);
  });
});
