import { describe, expect, it } from 'vitest';
import { scoreOf } from '../analysis/testing/score-of.js';
import { tune } from '../testing/corpus-tunes.js';
import { CorpusStatistics } from './corpus-statistics.js';
import { noteTable } from './note-table.js';
import { scoreStatistics } from './statistics.js';

describe('CorpusStatistics', () => {
  const scale = scoreOf([0, 2, 4, 5, 7, 9, 11].map((step, i) => [i, 1, 60 + step] as const));
  const corpus = new CorpusStatistics();
  corpus.add('scale.mid', scale);
  corpus.add('tune.mid', tune(3));
  corpus.add('drums.mid', tune(4, 5, true));
  const summary = corpus.summary();

  it('is the sum of its files', () => {
    expect(summary.notes).toBe(7 + 12 + 5);
    const parts = [scale, tune(3), tune(4, 5, true)].map((score) => scoreStatistics(score));
    for (const name of ['pitch', 'step', 'duration', 'velocity'] as const) {
      const total = parts.reduce((sum, part) => sum + part[name].counts[part[name].counts.length >> 1], 0);
      expect(summary[name].counts[summary[name].counts.length >> 1]).toBe(total);
    }
    expect(summary.pitchClass.reduce((total, count) => total + count, 0)).toBe(19); // percussion has no pitch class
    expect(summary.tempo.counts[12]).toBe(3);
    expect(summary.seconds).toBeCloseTo(3.5 + 6 + 2.5, 6);
  });

  it('names keys, meters and instruments by how often they are, and has a line for each file', () => {
    expect(summary.keys).toContainEqual({ name: 'C major', count: 1 });
    expect(summary.keys).toContainEqual({ name: 'none', count: 1 });
    expect(summary.timeSignatures).toEqual([{ name: '3/4', count: 2 }, { name: '4/4', count: 1 }]); // prettier-ignore
    expect(summary.instruments).toEqual([{ name: 'acoustic grand piano', count: 19 }, { name: 'drums', count: 5 }]); // prettier-ignore
    expect(summary.files[0]).toMatchObject({
      file: 'scale.mid',
      notes: 7,
      key: 'C major',
      lowest: 60,
      highest: 71,
      tempo: 120,
    });
    expect(summary.files[1].notes).toBe(noteTable(tune(3)).length);
    expect(summary.files[2].key).toBeNull();
  });

  it('of nothing is empty, not undefined', () => {
    expect(new CorpusStatistics().summary()).toMatchObject({ notes: 0, files: [], keys: [], pitch: { counts: [0] } });
  });
});
