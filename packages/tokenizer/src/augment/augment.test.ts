import { describe, expect, it } from 'vitest';
import type { Score } from '../score/score.js';
import { readMidi } from '../midi/read-midi.js';
import { writeMidi } from '../midi/write-midi.js';
import { createScheme } from '../schemes/registry.js';
import { pitchExtent, shiftVelocity, stretch, transpose } from './augment.js';

const note = { tick: 0, duration: 10, pitch: 60, velocity: 100 };
const score: Score = {
  ticksPerQuarter: 10,
  tempos: [{ tick: 20, microsecondsPerQuarter: 600_000 }],
  timeSignatures: [],
  keySignatures: [{ tick: 0, fifths: 0, mode: 'minor' }],
  tracks: [
    { name: 'a', program: 0, isDrum: false, notes: [note, { ...note, pitch: 72 }], pedals: [] },
    { name: 'b', program: 0, isDrum: true, notes: [{ ...note, pitch: 36 }], pedals: [] },
  ],
  endTick: 20,
};

describe('augmentation', () => {
  it('transposes pitched notes and keys, not percussion, and leaves the given score alone', () => {
    const before = structuredClone(score);
    const moved = transpose(score, 3);
    expect(moved.tracks.map(({ notes }) => notes.map(({ pitch }) => pitch))).toEqual([[63, 75], [36]]);
    expect(moved.keySignatures[0].fifths).toBe(-3); // A minor becomes C minor
    expect(transpose(moved, -3)).toEqual(score);
    expect(score).toEqual(before);
  });

  it('a copy of a file keeps the order of the file, on which the tutorial tokens depend', () => {
    const chord = createScheme('chord');
    const read = (from: Score): Score => readMidi(writeMidi(from));
    const moved = chord.encode(transpose(read(score), 3));
    expect(moved).toEqual(chord.encode(read(transpose(score, 3))));
    expect(moved).not.toEqual(chord.encode(read(score)));
    expect(chord.encode(stretch(shiftVelocity(read(score), 9), 1.1))).toEqual(chord.encode(read(score)));
  });

  it('keys stay within five flats and six sharps', () => {
    const fifths = Array.from({ length: 12 }, (_, i) => transpose(score, i - 5).keySignatures[0].fifths);
    expect([...fifths].sort((a, b) => a - b)).toEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]);
  });

  it('refuses to leave the range of MIDI', () => {
    expect(pitchExtent(score)).toEqual({ low: 60, high: 72 });
    expect(transpose(score, 55).tracks[0].notes[1].pitch).toBe(127);
    expect(() => transpose(score, 56)).toThrow(expect.objectContaining({ code: 'RONDO_AUGMENT_RANGE' }));
    expect(() => transpose(score, -61)).toThrow(/60 to 72/);
  });

  it('stretches time through the tempos, from the start on', () => {
    expect(stretch(score, 1.05).tempos).toEqual([
      { tick: 0, microsecondsPerQuarter: 525_000 },
      { tick: 20, microsecondsPerQuarter: 630_000 },
    ]);
    expect(stretch(score, 1.05).tracks).toEqual(score.tracks);
  });

  it('shifts velocities inside 1 to 127', () => {
    expect(shiftVelocity(score, 20).tracks[0].notes[0].velocity).toBe(120);
    expect(shiftVelocity(score, 100).tracks[0].notes[0].velocity).toBe(127);
    expect(shiftVelocity(score, -200).tracks[0].notes[0].velocity).toBe(1);
  });
});
