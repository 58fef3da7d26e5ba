import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../../testing/score-arbitrary.js';
import { RemiScheme } from './remi.js';

const soup = ['Bar', 'TimeSig_3/4', 'TimeSig_6/8', 'TimeSig_7/3', 'Position_0', 'Position_5', 'Position_30', 'Position_47',
  'Tempo_120', 'Tempo_60', 'Program_0', 'Program_40', 'Program_-1', 'Pitch_60', 'Pitch_61', 'PitchDrum_36', 'Velocity_79',
  'Velocity_127', 'Pedal_1.0.12', 'Duration_1.0.12', 'Duration_12.0.4', 'BOS', 'EOS', 'UNK', 'Frame', 'Position_x', '']; // prettier-ignore

describe('remi grammar', () => {
  it('allows every token of every encoding, and the end after the last note', () => {
    fc.assert(
      fc.property(
        scoreArbitrary,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (score, programs, tempo, timeSignatures, pedals) => {
          const scheme = new RemiScheme({ programs, tempo, timeSignatures, pedals });
          const tokens = scheme.encode(score);
          if (tokens.length === 0) return;
          const grammar = scheme.grammar();
          for (const token of ['BOS', ...tokens, 'EOS']) {
            if (!grammar.allows(token)) throw new Error(`${token} refused in ${tokens.join(' ')}`);
            grammar.push(token);
          }
          expect(soup.some((token) => grammar.allows(token))).toBe(false);
        },
      ),
      { numRuns: 200, seed: 2 },
    );
  });

  it('what it allows is what the encoder writes back', () => {
    // Random legal walks: decoding and encoding such a text again gives the same text.
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 30, maxLength: 120 }),
        fc.boolean(),
        fc.boolean(),
        (choices, programs, pedals) => {
          const scheme = new RemiScheme({ programs, maxDuration: 1, pedals });
          const names = soup
            .filter((name) => !/(Duration|Pedal)_1|OS/.test(name))
            .concat('Duration_0.1.12', 'Pedal_0.1.12');
          const grammar = scheme.grammar();
          const text: string[] = [];
          for (const choice of choices) {
            const legal = names.filter((name) => grammar.allows(name));
            expect(legal.length).toBeGreaterThan(0);
            text.push(legal[choice % legal.length]);
            grammar.push(text[text.length - 1]);
          }
          const sounds = text.some((token) => token.startsWith('Duration_'));
          const end = sounds ? text.findLastIndex((token) => /^(Duration|Pedal)_/.test(token)) + 1 : 0;
          expect(scheme.encode(scheme.decode(text))).toEqual(text.slice(0, end));
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });

  it('states with the same key allow the same tokens', () => {
    const seen = new Map<string | number, string>();
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), (choices) => {
        const grammar = new RemiScheme({ pedals: true }).grammar();
        for (const choice of choices) {
          const legal = soup.filter((name) => grammar.allows(name));
          expect(seen.get(grammar.stateKey()) ?? legal.join(' ')).toBe(legal.join(' '));
          seen.set(grammar.stateKey(), legal.join(' '));
          // One step in eight takes any token at all: what follows an illegal one is a state as well.
          const names = choice % 8 === 0 || legal.length === 0 ? soup : legal;
          grammar.push(names[choice % names.length]);
        }
      }),
      { numRuns: 300, seed: 4 },
    );
    expect(seen.size).toBeGreaterThan(20);
  });

  it('a clone goes its own way', () => {
    const grammar = new RemiScheme().grammar();
    const copy = grammar.clone();
    copy.push('Bar');
    expect(grammar.allows('TimeSig_4/4')).toBe(false);
    expect(copy.allows('TimeSig_4/4')).toBe(true);
  });
});

describe('remi decode', () => {
  it('takes any sequence of strings, and what it gives is on the grid', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...soup), fc.string()), { maxLength: 80 }), (tokens) => {
        const scheme = new RemiScheme({ pedals: true });
        const decoded = scheme.decode(tokens);
        const quantised = scheme.quantise(decoded);
        expect(quantised.tracks).toEqual(decoded.tracks);
        expect(quantised.tempos).toEqual(decoded.tempos);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('gives up a note that an unseen token cuts in half, and keeps the next one whole', () => {
    const tokens = 'Bar Position_0 Pitch_60 Velocity_79 UNK Pitch_64 UNK Duration_1.0.12'.split(' ');
    const decoded = new RemiScheme().decode(tokens);
    expect(decoded.tracks[0].notes.map(({ pitch, velocity }) => [pitch, velocity])).toEqual([[64, 79]]);
  });

  it('reads a text that begins in the middle of a bar', () => {
    const decoded = new RemiScheme().decode(['Pitch_60', 'Velocity_79', 'Duration_1.0.12']);
    expect(decoded.tracks[0].notes).toHaveLength(1);
  });
});
