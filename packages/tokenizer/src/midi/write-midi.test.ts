import toneMidi from '@tonejs/midi';
import fc from 'fast-check';
import { parseMidi } from 'midi-file';
import { describe, expect, it } from 'vitest';
import { MidiError } from '../errors.js';
import type { KeySignature, Note, Score } from '../score/score.js';
import { TempoMap } from '../score/tempo-map.js';
import { scoreByMidiFile, scoreByTone } from '../testing/foreign-readers.js';
import { scoreArbitrary } from '../testing/score-arbitrary.js';
import { readMidi } from './read-midi.js';
import { writeMidi } from './write-midi.js';

const score = (changes: Partial<Score> = {}): Score => ({
  ticksPerQuarter: 480,
  tempos: [{ tick: 0, microsecondsPerQuarter: 600_000 }],
  timeSignatures: [{ tick: 0, numerator: 6, denominator: 8 }],
  keySignatures: [{ tick: 0, fifths: -4, mode: 'minor' }],
  tracks: [
    {
      name: 'Orgel – Pedal',
      program: 19,
      isDrum: false,
      notes: [
        { tick: 0, duration: 480, pitch: 60, velocity: 127 },
        { tick: 480, duration: 1, pitch: 60, velocity: 1 },
      ],
      pedals: [{ tick: 0, duration: 700 }],
    },
    { name: '', program: 0, isDrum: true, notes: [{ tick: 7, duration: 9, pitch: 36, velocity: 64 }], pedals: [] },
  ],
  endTick: 3000,
  ...changes,
});

/**
 * The notes MIDI can tell apart: of overlapping notes of one pitch, the one that begins first ends first.
 * Two that begin together are one.
 */
function separable(original: Score): Score {
  const tracks = original.tracks.map((track) => {
    const free = new Map<number, number>();
    const notes = track.notes.filter(({ tick, duration, pitch }) => {
      if (tick < (free.get(pitch) ?? 0)) return false;
      free.set(pitch, tick + duration);
      return true;
    });
    return { ...track, notes };
  });
  return { ...original, tracks: tracks.filter((track) => track.notes.length > 0) };
}

describe('writeMidi', () => {
  it('is read back as the same Score', () => {
    expect(readMidi(writeMidi(score()))).toEqual(score());
  });

  it('any score with notes is read back as the same Score', () => {
    const withNotes = scoreArbitrary.map(separable).filter(({ tracks }) => tracks.length > 0);
    fc.assert(
      fc.property(withNotes, (original) => {
        expect(readMidi(writeMidi(original))).toEqual(original);
      }),
      { numRuns: 150 },
    );
  });

  it('overlapping notes of one pitch get their ends in the order of their beginnings', () => {
    const notes: Note[] = [
      { tick: 0, duration: 100, pitch: 60, velocity: 80 },
      { tick: 50, duration: 100, pitch: 60, velocity: 80 },
    ];
    const track = { name: '', program: 0, isDrum: false, notes, pedals: [] };
    expect(readMidi(writeMidi(score({ tracks: [track] }))).tracks[0].notes).toEqual(notes);
  });

  it('is the same Score to midi-file and to @tonejs/midi', () => {
    const withNotes = scoreArbitrary.map(separable).filter(({ tracks }) => tracks.length > 0);
    fc.assert(
      fc.property(withNotes, fc.integer({ min: -7, max: 7 }), fc.boolean(), (original, fifths, isMinor) => {
        const keySignatures: KeySignature[] = [{ tick: 0, fifths, mode: isMinor ? 'minor' : 'major' }];
        const bytes = writeMidi({ ...original, keySignatures });
        const nameless = original.tracks.map((track) => ({ ...track, name: '' }));
        expect(scoreByMidiFile(bytes)).toEqual({ ...original, keySignatures, tracks: nameless });
        expect(scoreByTone(bytes)).toEqual({ ...original, tracks: nameless });
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it('has a header that they read, names in UTF-8, and the seconds of its tempos', () => {
    const bytes = writeMidi(score());
    const parsed = parseMidi(bytes);
    expect(parsed.header).toMatchObject({ format: 1, numTracks: 3, ticksPerBeat: 480 });
    const name = parsed.tracks[1].flatMap((event) => (event.type === 'trackName' ? [event.text] : []));
    expect(Buffer.from(name[0], 'latin1').toString('utf8')).toBe('Orgel – Pedal');
    const organ = new toneMidi.Midi(bytes).tracks.find((track) => track.notes.length > 0);
    expect(organ?.notes[1].time).toBeCloseTo(TempoMap.of(score()).seconds(480), 9);
  });

  it('gives more than fifteen instruments channels and ports of their own, pedals included', () => {
    const tracks = Array.from({ length: 40 }, (_, i) => ({
      name: `part ${i}`,
      program: i,
      isDrum: i % 13 === 5,
      notes: [{ tick: i, duration: 10, pitch: 40 + i, velocity: 90 }],
      pedals: i % 2 === 0 ? [{ tick: i, duration: 5 }] : [],
    }));
    const many = score({ tracks });
    expect(readMidi(writeMidi(many))).toEqual(many);
  });

  it('the same score gives the same bytes', () => {
    expect(writeMidi(score())).toEqual(writeMidi(structuredClone(score())));
  });

  it('writes 150,000 notes in linear time', () => {
    const notes = Array.from({ length: 150_000 }, (_, i) => ({
      tick: i * 200,
      duration: 200,
      pitch: i % 128,
      velocity: 64,
    }));
    const long = score({ tracks: [{ name: '', program: 0, isDrum: false, notes, pedals: [] }], endTick: 30_000_000 });
    const start = process.cpuUsage();
    expect(writeMidi(long).length).toBeGreaterThan(1_000_000);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });

  it.each<[string, Partial<Score>, string]>([
    [
      'a fractional tick',
      { tempos: [{ tick: 0.5, microsecondsPerQuarter: 1 }] },
      'the tick of a tempo must be a whole number from 0 on, but is 0.5',
    ],
    ['NaN', { endTick: NaN }, 'endTick must be a whole number from 0 on, but is NaN'],
    [
      'a meter of thirds',
      { timeSignatures: [{ tick: 0, numerator: 4, denominator: 3 }] },
      'log2 of the denominator of a time signature must be a whole number from 0 to 7, but is 1.584962500721156',
    ],
    [
      'too fine a resolution',
      { ticksPerQuarter: 40_000 },
      'ticksPerQuarter must be a whole number from 1 to 32767, but is 40000',
    ],
  ])('refuses %s', (_, changes, message) => {
    expect(() => writeMidi(score(changes))).toThrow(new MidiError('RONDO_MIDI_SCORE', message));
  });
});
