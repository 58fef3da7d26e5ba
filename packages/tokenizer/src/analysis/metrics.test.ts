import { describe, expect, it } from 'vitest';
import { musicMetrics } from './metrics.js';
import { scoreOf } from './testing/score-of.js';

describe('musicMetrics', () => {
  it('describes a small piece', () => {
    const metrics = musicMetrics(
      scoreOf([
        [0, 2, 60],
        [0, 1, 64],
        [1, 1, 67],
        [4, 1, 61],
      ]),
    );
    expect(metrics).toMatchObject({ notes: 4, pitchRange: 7, pitchesUsed: 4, noteDensity: 1.6 });
    expect(metrics.pitchClassEntropy).toBeCloseTo(2);
    expect(metrics.scaleConsistency).toBe(0.75);
    expect(metrics.polyphony).toBeCloseTo(5 / 3);
    expect(metrics.emptyBeatRate).toBeCloseTo(2 / 5);
    expect(metrics.grooveConsistency).toBeCloseTo(1 - 1 / 16);
  });

  it('one note for ever: no entropy, one pitch, full groove', () => {
    const notes = Array.from({ length: 32 }, (_, i) => [i, 1, 60] as const);
    expect(musicMetrics(scoreOf(notes))).toMatchObject({
      pitchRange: 0,
      pitchClassEntropy: 0,
      polyphony: 1,
      emptyBeatRate: 0,
      grooveConsistency: 1,
    });
  });

  it('a doubled pitch counts once in polyphony', () => {
    const doubled = scoreOf([
      [0, 2, 60],
      [1, 2, 60],
    ]);
    expect(musicMetrics(doubled).polyphony).toBe(1);
  });

  it('drums alone have no pitch: null, never NaN', () => {
    expect(musicMetrics(scoreOf([[0, 1, 36]], true))).toEqual({
      notes: 0,
      pitchRange: null,
      pitchesUsed: 0,
      pitchClassEntropy: null,
      scaleConsistency: null,
      polyphony: null,
      emptyBeatRate: null,
      grooveConsistency: null,
      noteDensity: null,
      keyClarity: null,
      chordToneRate: null,
      loopShare: null,
      repeatedBars: null,
      key: null,
    });
  });
});
