import { createScheme, Tokenizer, Vocabulary, type Score } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import type { ReadScore } from '../models/score-files.js';
import { makePiece } from '../testing/pieces.js';
import { compareGenerated } from './compare-generated.js';
import { comparisonPage } from './comparison-page.js';
import { describeComparison } from './describe-comparison.js';

async function* source(scores: readonly Score[], name: string): AsyncGenerator<ReadScore> {
  for (const [i, score] of scores.entries()) yield await Promise.resolve({ file: `${name}-${i}.mid`, score });
}

/** One key again and again. */
function stuck(): Score {
  const piece = makePiece(1);
  const notes = Array.from({ length: 40 }, (_, i) => ({ tick: i * 480, duration: 480, pitch: 60, velocity: 80 }));
  return { ...piece, tracks: [{ ...piece.tracks[0], notes }] };
}

describe('compareGenerated', () => {
  const training = [0, 1, 2, 3].map((number) => makePiece(number));
  const heldOut = [7, 8].map((number) => makePiece(number));
  const higher = makePiece(2);
  const copied: Score = {
    ...higher,
    tracks: higher.tracks.map((track) => ({
      ...track,
      notes: track.notes.map((note) => ({ ...note, pitch: note.pitch + 3 })),
    })),
  };
  const scheme = createScheme('remi');
  const vocabulary = Vocabulary.build(
    training.flatMap((score) => scheme.encode(score)),
    { specials: true },
  );
  const tokenizer = new Tokenizer(scheme, vocabulary);
  const compare = () =>
    compareGenerated({
      tokenizer,
      generated: source([copied, stuck()], 'new'),
      training: source(training, 'train'),
      heldOut: source(heldOut, 'held'),
    });

  it('finds the piece that was copied in another key, and the one that is stuck', async () => {
    const { comparison } = await compare();
    const [copy, loop] = comparison.generated;
    expect(copy.transposedCopy?.file).toBe('train-2.mid');
    const onsets = new Set(copied.tracks[0].notes.map(({ tick }) => tick)).size;
    expect(copy.transposedCopy?.events).toBe(onsets - 1);
    expect(copy.copy?.events).toBeLessThan(onsets / 2);
    expect(loop.metrics.loopShare).toBe(1);
    expect(loop.longestLoop?.period).toBe(1);
    expect(comparison.pieces).toEqual({ generated: 2, training: 4, 'held-out': 2 });
    expect(comparison.heldOut).toHaveLength(2);
    const density = comparison.features.find(({ feature }) => feature === 'noteDensity');
    expect(density?.sets['training'].mean).toBeCloseTo(2.5, 6);
  });

  it('puts pieces beside the held-out ones of their names: a copy agrees fully, another piece less', async () => {
    const beside = (generated: readonly Score[]) =>
      compareGenerated({ tokenizer, generated: source(generated, 'piece'), heldOut: source(heldOut, 'piece') });
    const { agreement, generated } = (await beside(heldOut)).comparison;
    expect(agreement).toMatchObject({ pairs: 2, key: 1, chords: 1 });
    expect(generated[1].agreement).toEqual({ with: 'piece-1.mid', key: 1, chords: 1 });
    expect(agreement?.byChance?.key).toBeLessThan(1);
    const { comparison } = await beside([heldOut[1], heldOut[0], copied]);
    expect(comparison.agreement).toMatchObject({ pairs: 2, key: agreement?.byChance?.key });
    expect(comparison.generated[2].agreement).toBeUndefined();
    expect(describeComparison(comparison)).toContain('2 pieces beside the held-out ones of their names: key ');
    expect((await compare()).comparison.agreement).toBeUndefined();
  });

  it('is told as text and as a page that loads nothing', async () => {
    const { comparison, pictures } = await compare();
    const text = describeComparison(comparison);
    expect(text).toContain('1 of 2 pieces have a loop');
    expect(text).toMatch(/Pitch range +\d/);
    const page = comparisonPage('run <1>', '1.234 nats per note', comparison, pictures);
    expect(page).toContain('Pieces by run &lt;1&gt;');
    expect(page.match(/<svg/g)).toHaveLength(12 + 2);
    expect(page).not.toMatch(/(?:src|href)="http/);
  });

  it('goes without training pieces', async () => {
    const { comparison } = await compareGenerated({
      tokenizer,
      generated: source([copied], 'new'),
      heldOut: source(heldOut, 'held'),
    });
    expect(comparison.pieces).toEqual({ generated: 1, 'held-out': 2 });
    expect(comparison.generated[0].copy).toBeUndefined();
    expect(describeComparison(comparison)).toContain('0 of 1 pieces have a loop');
  });
});
