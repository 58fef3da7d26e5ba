import { describe, expect, it } from 'vitest';
import type { Score, Track } from '../score/score.js';
import { noteTableCsv } from './csv.js';
import { instrumentNames } from './instrument-names.js';
import { noteTable } from './note-table.js';
import { histogram, scoreStatistics } from './statistics.js';

const track = (changes: Partial<Track>): Track => ({
  name: '',
  program: 0,
  isDrum: false,
  notes: [],
  pedals: [],
  ...changes,
});
const score: Score = {
  ticksPerQuarter: 100,
  tempos: [{ tick: 100, microsecondsPerQuarter: 1_000_000 }],
  timeSignatures: [{ tick: 0, numerator: 3, denominator: 4 }],
  keySignatures: [],
  tracks: [
    track({ program: 24, notes: [{ tick: 50, duration: 100, pitch: 61, velocity: 90 }] }),
    track({ isDrum: true, notes: [{ tick: 200, duration: 10, pitch: 36, velocity: 127 }] }),
  ],
  endTick: 300,
};

describe('noteTable', () => {
  it('gives times in seconds through the tempo changes', () => {
    const [first, second] = noteTable(score);
    expect(first).toEqual({
      pitch: 61,
      name: 'C#4',
      start: 0.25,
      end: 1,
      step: 0,
      duration: 0.75,
      velocity: 90,
      instrument: 'acoustic guitar (nylon)',
    });
    expect(second).toMatchObject({ start: 1.5, step: 1.25, instrument: 'drums', name: 'C2' });
  });

  it('knows 128 instruments', () => {
    expect(new Set(instrumentNames()).size).toBe(128);
    expect([instrumentNames()[0], instrumentNames()[127]]).toEqual(['acoustic grand piano', 'gunshot']);
  });

  it('writes CSV with a header, CRLF and quotes where a field needs them', () => {
    const rows = noteTable(score);
    expect(noteTableCsv([rows[0], { ...rows[1], instrument: 'kit "A", dry' }])).toBe(
      'pitch,start,end,step,duration,velocity,instrument,name\r\n' +
        '61,0.25,1,0,0.75,90,acoustic guitar (nylon),C#4\r\n' +
        '36,1.5,1.6,1.25,0.1,127,"kit ""A"", dry",C2\r\n',
    );
  });
});

describe('scoreStatistics', () => {
  it('counts notes, tempo and histograms', () => {
    const statistics = scoreStatistics(score);
    expect(statistics).toMatchObject({
      notes: 2,
      tracks: 2,
      instruments: ['acoustic guitar (nylon)', 'drums'],
      quarters: 3,
      tempo: { first: 120, slowest: 60, fastest: 120 },
      timeSignature: '3/4',
    });
    expect(statistics.pitch.counts[61]).toBe(1);
    expect(statistics.step.counts.reduce((a, b) => a + b)).toBe(1);
  });

  it('bins values, the last edge excluded', () => {
    expect(histogram([-1, 0, 0.5, 1, 2, 9], (x) => x, { low: 0, high: 2, bins: 2 })).toEqual({
      edges: [0, 1, 2],
      counts: [3, 1],
      over: 2,
    });
  });
});
