import { describe, expect, it } from 'vitest';
import type { Score } from '../score/score.js';
import { BarMap } from '../score-tools/bars.js';
import { band, tune } from '../testing/corpus-tunes.js';
import { partAlone } from './alone.js';

const barsOf = (score: Score, part = 0): number[] => {
  const bars = new BarMap(score);
  return [...new Set(score.tracks[part].notes.map(({ tick }) => bars.indexAt(tick)))];
};

describe('a part alone', () => {
  const piece = band(3);

  it('is all tracks of its family or the percussion, without the others', () => {
    const bass = partAlone(piece, 'bass') as Score;
    expect(bass.tracks.map(({ name }) => name)).toEqual(['bass 0', 'bass 1']);
    expect(bass.tracks.map(({ notes }) => notes)).toEqual([piece.tracks[1].notes, piece.tracks[3].notes]);
    expect(bass).toMatchObject({ tempos: piece.tempos, timeSignatures: piece.timeSignatures, endTick: piece.endTick });
    expect((partAlone(piece, 'drums') as Score).tracks.every(({ isDrum }) => isDrum)).toBe(true);
  });

  it('begins with the bar in which it comes in, and waits for nobody; a bar of rest stays', () => {
    expect(barsOf(piece, 2)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23]);
    const drums = partAlone(piece, 'drums') as Score;
    expect(barsOf(drums)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18]);
    expect(drums.endTick).toBe(19 * 1440);
    const plain = ({ pitch, duration }: { pitch: number; duration: number }): number[] => [pitch, duration];
    expect(drums.tracks[0].notes.map(plain)).toEqual(piece.tracks[2].notes.map(plain));
  });

  it('keeps tempo and meter of the bars that are left, and its place in them', () => {
    const tempos = [500_000, 400_000].map((microsecondsPerQuarter, i) => ({ tick: i * 1440, microsecondsPerQuarter }));
    const timeSignatures = [...piece.timeSignatures, { tick: 10 * 1440, numerator: 2, denominator: 4 }];
    const drums = partAlone({ ...piece, tempos, timeSignatures }, 'drums') as Score;
    expect(drums.tempos[0]).toEqual({ tick: 0, microsecondsPerQuarter: 400_000 });
    const bars = new BarMap(drums);
    expect([bars.bar(0).numerator, bars.bar(7).numerator, bars.bar(8).numerator]).toEqual([3, 3, 2]);
    // The rest of nine quarters from bar 10 on is four bars of 2/4 and a quarter now: that quarter is waited for.
    expect(drums.tracks[0].notes.find(({ tick }) => tick >= bars.bar(8).tick)?.tick).toBe(bars.bar(8).tick + 480);
  });

  it('hears a held note through the bars in which nothing begins', () => {
    const [melody, low, drums, high] = piece.tracks;
    const notes = low.notes.filter(({ tick }) => tick < 4 * 1440 || tick >= 12 * 1440);
    const held = notes.map((note) => (note.tick === 10 * 480 ? { ...note, duration: 26 * 480 } : note));
    const gap = (bass: typeof notes): number => {
      const tracks = [melody, { ...low, notes: bass }, drums, { ...high, notes: [] }];
      return (partAlone({ ...piece, tracks }, 'bass') as Score).endTick;
    };
    expect(gap(held)).toBe(piece.endTick);
    expect(gap(notes)).toBe(piece.endTick - 8 * 1440);
  });

  it('is none where the piece has no such part, nothing else, or only a few strokes of it', () => {
    expect(partAlone(piece, 'strings')).toBeUndefined();
    expect(partAlone(tune(1, 40, true), 'drums')).toBeUndefined();
    const silent = { ...tune(1).tracks[0], notes: [] };
    expect(partAlone({ ...tune(1, 40, true), tracks: [...tune(1, 40, true).tracks, silent] }, 'drums')).toBeUndefined();
    const few = (count: number): Score | undefined =>
      partAlone({ ...tune(1, 40), tracks: [...tune(1, 40).tracks, ...tune(2, count, true).tracks] }, 'drums');
    expect(few(15)).toBeUndefined();
    expect(few(16)?.tracks[0].notes).toHaveLength(16);
  });
});
