import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Note, Score } from '../../score/score.js';
import { scoreArbitrary } from '../../testing/score-arbitrary.js';
import { Tokenizer } from '../../tokenizer/tokenizer.js';
import { Vocabulary } from '../../tokenizer/vocabulary.js';
import { RemiScheme } from './remi.js';
import type { RemiOptions } from './config.js';

const optionsArbitrary: fc.Arbitrary<RemiOptions> = fc.record({
  positionsPerQuarter: fc.constantFrom(1, 2, 3, 4, 8, 12, 24),
  maxDuration: fc.constantFrom(1, 4, 12),
  velocityBins: fc.constantFrom(0, 1, 8, 32, 127),
  programs: fc.boolean(),
  drums: fc.boolean(),
  tempo: fc.boolean(),
  timeSignatures: fc.boolean(),
  pedals: fc.boolean(),
  pitchRange: fc.constantFrom<[number, number]>([0, 127], [21, 108], [50, 50]),
});

function score(notes: Partial<Note>[], rest: Partial<Score> = {}): Score {
  const filled = notes.map((note) => ({ tick: 0, duration: 24, pitch: 60, velocity: 80, ...note }));
  const track = { name: 'x', program: 0, isDrum: false, notes: filled, pedals: [] };
  return {
    ticksPerQuarter: 24,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    tracks: [track],
    endTick: 96,
    ...rest,
  };
}

describe('remi round trip', () => {
  it('decode(encode(s)) equals quantise(s), and encode(quantise(s)) equals encode(s), for every option', () => {
    fc.assert(
      fc.property(scoreArbitrary, optionsArbitrary, (any, options) => {
        const scheme = new RemiScheme(options);
        const tokens = scheme.encode(any);
        const quantised = scheme.quantise(any);
        expect(scheme.decode(tokens)).toEqual(quantised);
        expect(scheme.encode(quantised)).toEqual(tokens);
        expect(scheme.quantise(quantised)).toEqual(quantised);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('keeps bars of 2/4, 3/4, 4/4, 5/8, 6/8, 7/8 and 12/8 in their meter', () => {
    const bars = [
      [2, 4],
      [3, 4],
      [4, 4],
      [5, 8],
      [6, 8],
      [7, 8],
      [12, 8],
    ];
    let tick = 0;
    const timeSignatures = bars.map(([numerator, denominator]) => {
      const signature = { tick, numerator, denominator };
      tick += (numerator * 96) / denominator;
      return signature;
    });
    const notes = timeSignatures.map((signature) => ({ tick: signature.tick, duration: 12 }));
    const tokens = new RemiScheme().encode(score(notes, { timeSignatures }));
    expect(tokens.filter((token) => token.startsWith('TimeSig_'))).toEqual(bars.map(([n, d]) => `TimeSig_${n}/${d}`));
    expect(tokens.filter((token) => token === 'Bar')).toHaveLength(bars.length);
    expect(tokens.filter((token) => token.startsWith('Position_'))).toEqual(bars.map(() => 'Position_0'));
  });
});

describe('remi encode', () => {
  it('spells bar, meter, position, tempo, program, pitch, velocity and duration in this order', () => {
    const drums = {
      name: '',
      program: 0,
      isDrum: true,
      notes: [{ tick: 24, duration: 6, pitch: 36, velocity: 127 }],
      pedals: [],
    };
    const piece = score([{ pitch: 64 }, { pitch: 67, tick: 36, duration: 8 }], {
      timeSignatures: [{ tick: 0, numerator: 3, denominator: 4 }],
    });
    piece.tracks.push(drums);
    expect(new RemiScheme().encode(piece)).toEqual(
      (
        'Bar TimeSig_3/4 Position_0 Tempo_120 Program_0 Pitch_64 Velocity_79 Duration_1.0.12 ' +
        'Position_12 Program_-1 PitchDrum_36 Velocity_127 Duration_0.3.12 ' +
        'Position_18 Program_0 Pitch_67 Velocity_79 Duration_0.4.12'
      ).split(' '),
    );
  });

  it('writes a bar that a change of meter cuts short (an upbeat) in the meter of what is left', () => {
    const timeSignatures = [{ tick: 24, numerator: 3, denominator: 4 }];
    const tokens = new RemiScheme({ tempo: false }).encode(score([{ tick: 0 }, { tick: 24 }], { timeSignatures }));
    expect(tokens.filter((token) => /Bar|TimeSig|Position/.test(token)).join(' ')).toBe(
      'Bar TimeSig_1/4 Position_0 Bar TimeSig_3/4 Position_0',
    );
  });

  it('gives notes longer than four quarters a coarser length, and cuts them at the longest', () => {
    const lengths = [1, 95, 97, 100, 1000].map((duration) => {
      const tokens = new RemiScheme().encode(score([{ duration }]));
      return tokens[tokens.length - 1];
    });
    expect(lengths).toEqual([
      'Duration_0.1.12',
      'Duration_4.0.12',
      'Duration_4.0.12',
      'Duration_4.1.4',
      'Duration_12.0.4',
    ]);
  });

  it('merges all pitched tracks into one piano when programs are off', () => {
    const piece = score([{ pitch: 60 }]);
    piece.tracks.push({ ...piece.tracks[0], program: 40, notes: [{ tick: 0, duration: 12, pitch: 72, velocity: 80 }] });
    const quantised = new RemiScheme({ programs: false }).quantise(piece);
    expect(quantised.tracks.map(({ program, notes }) => [program, notes.length])).toEqual([[0, 2]]);
  });

  it('writes the pedal of each program before its notes, on demand', () => {
    const piece = score([{ tick: 0 }, { tick: 24, pitch: 64 }, { tick: 48, pitch: 67 }]);
    piece.tracks[0].pedals = [{ tick: 1, duration: 22 }, { tick: 24, duration: 12 }, { tick: 60, duration: 400 }]; // prettier-ignore
    piece.tracks.push({
      ...piece.tracks[0],
      isDrum: true,
      notes: [{ tick: 0, duration: 12, pitch: 36, velocity: 80 }],
    });
    const options = { tempo: false, timeSignatures: false, velocityBins: 0, pedals: true };
    expect(new RemiScheme(options).encode(piece).join(' ')).toBe(
      'Bar Position_0 Program_0 Pitch_60 Duration_1.0.12 Program_-1 PitchDrum_36 Duration_0.6.12 ' +
        'Position_1 Program_0 Pedal_0.11.12 Position_12 Pedal_0.6.12 Pitch_64 Duration_1.0.12 ' +
        'Position_24 Pitch_67 Duration_1.0.12 Position_30 Pedal_12.0.4',
    );
    expect(new RemiScheme({ ...options, pedals: false }).encode(piece).join(' ')).not.toContain('Pedal');
  });

  it('joins the pedals of the tracks of one program', () => {
    const piece = score([{ tick: 0, duration: 96 }]);
    piece.tracks[0].pedals = [{ tick: 0, duration: 30 }, { tick: 40, duration: 8 }]; // prettier-ignore
    piece.tracks.push({ ...piece.tracks[0], pedals: [{ tick: 20, duration: 20 }] });
    expect(new RemiScheme({ pedals: true, positionsPerQuarter: 24 }).quantise(piece).tracks[0].pedals).toEqual([
      { tick: 0, duration: 800 },
      { tick: 800, duration: 160 },
    ]);
  });

  it('is the same scheme as before the option came where pedals are off', () => {
    expect(Object.keys(new RemiScheme({ pedals: false }).config)).not.toContain('pedals');
    const { fingerprint } = new Tokenizer(new RemiScheme(), Vocabulary.build(['Bar'], { specials: true }));
    expect(fingerprint).toBe('99c63999278863f4df44af992f69cb14e7fc0c06bb376dcb341bff61ef44ceb6');
  });

  it('refuses a piece with endless silence by name', () => {
    const endless = score([{ tick: 24 * 4 * 200_000 }]);
    expect(() => new RemiScheme().encode(endless)).toThrow(expect.objectContaining({ code: 'RONDO_SCHEME_TOO_LONG' }));
  });

  it('names every wrong option', () => {
    expect(() => new RemiScheme({ velocityBins: -1, swing: 3 } as RemiOptions)).toThrow(/velocityBins.*swing/);
  });
});
