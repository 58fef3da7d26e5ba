import { describe, expect, it } from 'vitest';
import { scoreOf } from '../analysis/testing/score-of.js';
import { chordOf, findChords } from './chords.js';

/** Weights of pitch classes that sound equally long; the first is the bass. */
function symbol(...pitches: number[]): string | undefined {
  const weights = new Array<number>(12).fill(0);
  for (const pitch of pitches) weights[pitch % 12] += 1;
  return chordOf(weights, Math.min(...pitches) % 12)?.symbol;
}

describe('chordOf', () => {
  it.each([
    ['C', [48, 64, 67]],
    ['Am', [45, 60, 64]],
    ['G7', [43, 59, 62, 65]],
    ['Am7', [45, 60, 64, 67]],
    ['C/E', [52, 60, 67]],
    ['Fmaj7', [41, 57, 60, 64]],
    ['Bdim', [47, 62, 65]],
    ['Bm7b5', [47, 62, 65, 69]],
    ['Caug', [48, 52, 56]],
    ['Dsus4', [50, 55, 57]],
    ['F#dim7', [54, 57, 60, 63]],
    ['CmMaj7', [48, 51, 55, 59]],
    ['Eb/Bb', [46, 51, 55]],
    ['C', [48, 55]], // an open fifth
    ['Am', [45, 48]],
  ])('%s', (expected, pitches) => {
    expect(symbol(...pitches)).toBe(expected);
  });

  it('names the same chord in all twelve keys', () => {
    const names = 'C Db D Eb E F F# G Ab A Bb B'.split(' ');
    for (const [root, name] of names.entries()) {
      const moved = (...pitches: number[]): string | undefined => symbol(...pitches.map((pitch) => pitch + root));
      expect([moved(36, 52, 55), moved(36, 51, 55, 58)]).toEqual([name, `${name}m7`]);
    }
  });

  it('hears a chord under a passing note, none in a single tone, silence or a cluster', () => {
    const weights = [4, 0, 1, 0, 4, 0, 0, 4, 0, 0, 0, 0];
    expect(chordOf(weights, 0)?.symbol).toBe('C');
    expect([symbol(60, 72), chordOf(new Array<number>(12).fill(0), 0)]).toEqual([undefined, undefined]);
    expect(chordOf(new Array<number>(12).fill(1), 0)).toBeUndefined();
  });
});

describe('findChords', () => {
  // I vi IV V in C, a bar each; the melody moves, the last chord is broken.
  const triad = (start: number, ...pitches: number[]): (readonly [number, number, number])[] =>
    pitches.map((pitch) => [start, 4, pitch]);
  const score = scoreOf([
    ...triad(0, 48, 64, 67),
    ...triad(4, 45, 60, 64),
    ...triad(8, 41, 57, 60),
    [8, 1, 77],
    [9, 1, 79],
    [10, 2, 81],
    ...[43, 59, 62, 65].map((pitch, i): readonly [number, number, number] => [12 + i, 4 - i, pitch]),
  ]);

  it('finds the chords of a progression by bars', () => {
    expect(findChords(score, 'bar').map(({ tick, duration, symbol }) => [tick / 100, duration / 100, symbol])).toEqual([
      [0, 4, 'C'],
      [4, 4, 'Am'],
      [8, 4, 'F'],
      [12, 4, 'G7'],
    ]);
  });

  it('joins equal quarters and leaves out what has no chord', () => {
    const spans = findChords(score);
    expect(spans.slice(0, 3).map(({ tick, duration, symbol }) => [tick, duration, symbol])).toEqual([
      [0, 400, 'C'],
      [400, 400, 'Am'],
      [800, 400, 'F'],
    ]);
    expect(spans.find(({ tick }) => tick === 1200)).toBeUndefined(); // the first quarter of the broken chord is one tone
    expect(spans[spans.length - 1].symbol).toBe('G7');
    expect(findChords(scoreOf([[0, 4, 36]], true))).toEqual([]);
  });
});
