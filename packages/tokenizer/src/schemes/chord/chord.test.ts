import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SchemeError } from '../../errors.js';
import { carrySource } from '../../midi/source-events.js';
import { readMidi } from '../../midi/read-midi.js';
import { midiFile, off, on, program, track } from '../../midi/testing/midi-bytes.js';
import type { Note, Score } from '../../score/score.js';
import { scoreArbitrary } from '../../testing/score-arbitrary.js';
import { ChordScheme } from './chord.js';
import type { ChordOptions } from './config.js';

const FORMS: ChordOptions[] = [
  {},
  { tutorial: false },
  { voicing: true },
  { durations: true },
  { rests: true },
  { voicing: true, durations: true },
  { voicing: true, rests: true, step: 1 / 3 },
  { durations: true, rests: true, step: 0.125 },
  { voicing: true, durations: true, rests: true },
];
const full = new ChordScheme({ voicing: true, durations: true, rests: true });

function score(notes: [tick: number, duration: number, pitch: number][]): Score {
  const list = notes.map(([tick, duration, pitch]): Note => ({ tick, duration, pitch, velocity: 70 }));
  return {
    ticksPerQuarter: 480,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    tracks: [{ name: '', program: 0, isDrum: false, notes: list, pedals: [] }],
    endTick: Math.max(0, ...notes.map(([tick, duration]) => tick + duration)),
  };
}

const played = ({ tracks }: Score) => tracks.flatMap((t) => t.notes).map((n) => [n.tick, n.duration, n.pitch]);

describe('ChordScheme', () => {
  it("plain: reads tokens at the tutorial's half beat, chords around middle C, a quarter long", () => {
    const piece = new ChordScheme().decode(['E-5', '4.7.11', 'C4', 'C4']);
    expect(played(piece)).toEqual([
      [0, 480, 75],
      [240, 480, 64],
      [240, 480, 67],
      [240, 480, 71],
      [480, 240, 60],
      [720, 480, 60],
    ]);
  });

  it('plain: has no special tokens; every other form has', () => {
    expect(FORMS.map((options) => new ChordScheme(options).specials)).toEqual([false, ...Array(8).fill(true)]);
  });

  it('voicing, durations and rests: says everything of one piano', () => {
    const piece = score([
      [120, 240, 60],
      [120, 240, 64],
      [120, 960, 36],
      [10_000, 120, 72],
    ]);
    const tokens = full.encode(piece);
    expect(tokens).toEqual(['Wait_1', 'C4.E4', 'Dur_2', 'C2', 'Dur_8', 'Wait_64', 'Wait_18', 'C5', 'Dur_1']);
    expect(played(full.decode(tokens))).toEqual([
      [120, 960, 36],
      [120, 240, 60],
      [120, 240, 64],
      [9960, 120, 72],
    ]);
  });

  it.each(FORMS.map((options) => [JSON.stringify(options), options] as const))(
    '%s: decode(encode(score)) is quantise(score), and quantising again changes nothing more',
    (_, options) => {
      const scheme = new ChordScheme(options);
      fc.assert(
        fc.property(scoreArbitrary, (original) => {
          const quantised = scheme.quantise(original);
          expect(scheme.decode(scheme.encode(original))).toEqual(quantised);
          if (options.voicing && options.durations && options.rests)
            expect(scheme.quantise(quantised)).toEqual(quantised);
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(FORMS.map((options) => [JSON.stringify(options), options] as const))(
    '%s: the grammar allows what is encoded, and the end after it',
    (_, options) => {
      const scheme = new ChordScheme(options);
      fc.assert(
        fc.property(scoreArbitrary, (original) => {
          const grammar = scheme.grammar();
          const tokens = scheme.encode(original);
          for (const token of ['BOS', ...tokens]) {
            expect(grammar.allows(token)).toBe(true);
            grammar.push(token);
          }
          expect(grammar.allows('EOS')).toBe(tokens.length > 0);
        }),
        { numRuns: 30 },
      );
    },
  );

  it('the grammar wants a duration after each onset and no wait after a short one', () => {
    const grammar = full.grammar();
    expect(['C4', 'C4.E4', 'Wait_3', 'BOS'].map((token) => grammar.allows(token))).toEqual([true, true, true, true]);
    expect(['Dur_1', 'EOS', '0.4.7', 'Wait_65', 'Dur_0'].some((token) => grammar.allows(token))).toBe(false);
    grammar.push('C4');
    const copy = grammar.clone();
    expect(['Dur_1', 'C4', 'Wait_1', 'EOS'].map((token) => grammar.allows(token))).toEqual([true, false, false, false]);
    grammar.push('Dur_2');
    grammar.push('Wait_2');
    expect(['Wait_1', 'EOS', 'C4'].map((token) => grammar.allows(token))).toEqual([false, false, true]);
    expect(copy.allows('Dur_1')).toBe(true);
  });

  it('decodes any strings, skipping what is not legal', () => {
    const strings = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('C4', '4.7.11', '4.4', 'Dur_2', 'Wait_9', 'EOS', 'C4.C4')),
    );
    for (const options of FORMS) {
      const scheme = new ChordScheme(options);
      fc.assert(
        fc.property(strings, (tokens) => {
          const decoded = scheme.decode(tokens);
          expect(decoded.endTick).toBeGreaterThanOrEqual(0);
        }),
        { numRuns: 30 },
      );
    }
    expect(played(full.decode(['junk', 'C4', 'E4', 'Dur_2', 'EOS', 'D4', 'Dur_1']))).toEqual([[0, 240, 60]]);
  });

  it('no decoded note sounds into the next one of its pitch', () => {
    const tokens = fc.array(fc.constantFrom('C4', '0.4', 'C4.E4', 'Dur_9', 'Dur_1', 'Wait_1', 'Wait_2'));
    for (const options of FORMS) {
      const scheme = new ChordScheme(options);
      fc.assert(
        fc.property(tokens, (list) => {
          const ends = new Map<number, number>();
          for (const [tick, duration, pitch] of played(scheme.decode(list))) {
            expect(tick).toBeGreaterThanOrEqual(ends.get(pitch) ?? 0);
            ends.set(pitch, tick + duration);
          }
        }),
      );
    }
  });

  it('a transposed score keeps the order of its file if it is told where it comes from', () => {
    const file = midiFile({}, track(program(0, 0), on(0, 67), on(0, 60), off(48, 60), off(48, 67)));
    const original = readMidi(file);
    const copy = structuredClone(original);
    for (const note of copy.tracks[0].notes) note.pitch += 2;
    expect(new ChordScheme().encode(original)).toEqual(['G4', 'C4']);
    expect(new ChordScheme().encode(copy)).toEqual(['D4', 'A4']);
    carrySource(original, copy, 2);
    expect(new ChordScheme().encode(copy)).toEqual(['A4', 'D4']);
  });

  it('refuses options that make no sense', () => {
    const make = (options: object) => () => new ChordScheme(options as ChordOptions);
    expect(make({ tutorial: true, voicing: true })).toThrow(SchemeError);
    expect(make({ step: 0.001 })).toThrow('step: expected a fraction that divides a quarter into whole ticks');
    expect(make({ voicings: true })).toThrow(/wrong option for the scheme "chord".*voicings/);
  });
});
