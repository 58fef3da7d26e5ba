import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Note, Score, Track } from '../../score/score.js';
import { TempoMap } from '../../score/tempo-map.js';
import { scoreArbitrary } from '../../testing/score-arbitrary.js';
import type { PerformanceOptions } from './config.js';
import { PerformanceScheme } from './performance.js';

const optionsArbitrary: fc.Arbitrary<PerformanceOptions> = fc
  .record({
    step: fc.constantFrom(1, 10, 15, 300),
    maxShift: fc.constantFrom(250, 500, 1000),
    velocityBins: fc.constantFrom(0, 1, 8, 32, 127),
    pitchRange: fc.constantFrom<[number, number]>([0, 127], [21, 108], [50, 50]),
    pedal: fc.constantFrom({ sustain: true }, { sustain: false }, { pedals: true }),
  })
  .map(({ pedal, ...options }) => ({ ...options, ...pedal }));

/** A score at one tick to a millisecond. */
function score(notes: Partial<Note>[], track: Partial<Track> = {}, rest: Partial<Score> = {}): Score {
  const filled = notes.map((note) => ({ tick: 0, duration: 500, pitch: 60, velocity: 80, ...note }));
  return {
    ticksPerQuarter: 500,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    tracks: [{ name: '', program: 0, isDrum: false, notes: filled, pedals: [], ...track }],
    endTick: 100_000,
    ...rest,
  };
}

const spelt = (any: Score, options: PerformanceOptions = {}): string =>
  new PerformanceScheme(options).encode(any).join(' ');

describe('performance round trip', () => {
  it('decode(encode(s)) equals quantise(s), and encode(quantise(s)) equals encode(s), for every option', () => {
    fc.assert(
      fc.property(scoreArbitrary, optionsArbitrary, (any, options) => {
        const scheme = new PerformanceScheme(options);
        const tokens = scheme.encode(any);
        const quantised = scheme.quantise(any);
        expect(scheme.decode(tokens)).toEqual(quantised);
        expect(scheme.encode(quantised)).toEqual(tokens);
        expect(scheme.quantise(quantised)).toEqual(quantised);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('moves no onset by more than half a step, and lets no two notes of a key overlap', () => {
    fc.assert(
      fc.property(scoreArbitrary, (any) => {
        const clock = TempoMap.of(any);
        const onsets = any.tracks.flatMap(({ notes }) =>
          notes.map(({ tick, pitch }) => ({ ms: 1000 * clock.seconds(tick), pitch })),
        );
        const ends = new Array<number>(128).fill(-1);
        for (const { tick, duration, pitch } of new PerformanceScheme().quantise(any).tracks[0]?.notes ?? []) {
          expect(onsets.some((onset) => onset.pitch === pitch && Math.abs(onset.ms - tick) < 5.001)).toBe(true);
          expect(tick).toBeGreaterThanOrEqual(ends[pitch]);
          ends[pitch] = tick + duration;
        }
      }),
      { numRuns: 50, seed: 6 },
    );
  });
});

describe('performance encode', () => {
  it('has 388 events: 128 keys struck, 128 let go, 100 waits and 32 velocities', () => {
    const { events } = new PerformanceScheme();
    expect(new Set(events).size).toBe(388);
    const kinds = ['NoteOn', 'NoteOff', 'TimeShift', 'Velocity'];
    expect(kinds.map((kind) => events.filter((event) => event.startsWith(`${kind}_`)).length)).toEqual([
      128, 128, 100, 32,
    ]);
  });

  it('spells velocity, key, wait and release in the order of time, releases before strokes', () => {
    const chord = [
      { pitch: 60, velocity: 100 },
      { pitch: 64, velocity: 100, duration: 250 },
      { tick: 500, pitch: 60, velocity: 127, duration: 1230 },
    ];
    expect(spelt(score(chord))).toBe(
      'Velocity_99 NoteOn_60 NoteOn_64 TimeShift_250 NoteOff_64 TimeShift_250 NoteOff_60 ' +
        'Velocity_127 NoteOn_60 TimeShift_1000 TimeShift_230 NoteOff_60',
    );
  });

  it('counts real time through changes of tempo', () => {
    const tempos = [
      { tick: 0, microsecondsPerQuarter: 1_000_000 },
      { tick: 500, microsecondsPerQuarter: 250_000 },
    ];
    const notes = [{ tick: 500, duration: 500 }];
    expect(spelt(score(notes, {}, { tempos }), { velocityBins: 0 })).toBe(
      'TimeShift_1000 NoteOn_60 TimeShift_250 NoteOff_60',
    );
  });

  it('holds what is let go under the pedal until it is lifted or the key is struck again', () => {
    const pedals = [{ tick: 400, duration: 600 }];
    const notes = [{ pitch: 60 }, { pitch: 64, duration: 300 }, { pitch: 67 }, { tick: 800, pitch: 67, duration: 100 }];
    const ends = (sustain: boolean): number[][] =>
      new PerformanceScheme({ sustain })
        .quantise(score(notes, { pedals }))
        .tracks[0].notes.map(({ tick, duration, pitch }) => [pitch, tick, tick + duration]);
    expect(ends(true)).toEqual([
      [60, 0, 1000],
      [64, 0, 300],
      [67, 0, 800],
      [67, 800, 1000],
    ]);
    expect(ends(false)).toEqual([
      [60, 0, 500],
      [64, 0, 300],
      [67, 0, 500],
      [67, 800, 900],
    ]);
  });

  it('tells the pedal on request: after the keys that are let go, before those that are struck, and notes as they are played', () => {
    const notes = [{ pitch: 60 }, { tick: 500, pitch: 62 }];
    const pedals = [
      { tick: 0, duration: 500 },
      { tick: 500, duration: 700 },
    ];
    expect(spelt(score(notes, { pedals }), { pedals: true, velocityBins: 0 })).toBe(
      'PedalOn NoteOn_60 TimeShift_500 NoteOff_60 PedalOff PedalOn NoteOn_62 ' +
        'TimeShift_500 NoteOff_62 TimeShift_200 PedalOff',
    );
    const scheme = new PerformanceScheme({ pedals: true });
    expect(scheme.quantise(score(notes, { pedals })).tracks[0].pedals).toEqual(pedals);
    expect(scheme.quantise(score(notes, { pedals })).endTick).toBe(1200);
    expect(scheme.encode(score([], { pedals }))).toEqual([]);
  });

  it('joins the pedals of several tracks, and lets percussion have none', () => {
    const piece = score([{}], { pedals: [{ tick: 0, duration: 400 }] });
    const [track] = piece.tracks;
    piece.tracks.push({ ...track, pedals: [{ tick: 300, duration: 300 }] });
    piece.tracks.push({ ...track, isDrum: true, pedals: [{ tick: 900, duration: 300 }] });
    expect(new PerformanceScheme({ pedals: true }).quantise(piece).tracks[0].pedals).toEqual([
      { tick: 0, duration: 600 },
    ]);
  });

  it('merges pitched tracks, leaves percussion out', () => {
    const piece = score([{ pitch: 60 }]);
    const other = { ...piece.tracks[0], program: 40, notes: [{ ...piece.tracks[0].notes[0], pitch: 72 }] };
    piece.tracks.push(other, { ...other, isDrum: true, notes: [{ ...other.notes[0], pitch: 36 }] });
    expect(spelt(piece, { velocityBins: 0 })).toBe('NoteOn_60 NoteOn_72 TimeShift_500 NoteOff_60 NoteOff_72');
  });

  it('refuses a piece of endless silence by name, and names every wrong option', () => {
    const endless = score([{ tick: 2_000_000_000 }]);
    expect(() => new PerformanceScheme().encode(endless)).toThrow(
      expect.objectContaining({ code: 'RONDO_SCHEME_TOO_LONG' }),
    );
    expect(() => new PerformanceScheme({ pedals: true, sustain: true })).toThrow(/pedals: .* not both/);
    expect(() => new PerformanceScheme({ step: 0, swing: 3 } as PerformanceOptions)).toThrow(/step.*swing/);
  });
});
