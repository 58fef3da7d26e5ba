import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../../testing/score-arbitrary.js';
import type { PerformanceOptions } from './config.js';
import { PerformanceScheme } from './performance.js';

const small: PerformanceOptions = { step: 100, maxShift: 300, velocityBins: 2, pitchRange: [60, 62] };
const pedalled: PerformanceOptions = { ...small, pedals: true };
const options = fc.constantFrom(small, pedalled);
const soup = [...new PerformanceScheme(pedalled).events, 'BOS', 'EOS', 'UNK', 'NoteOn_59', 'TimeShift_0', 'Bar', ''];

describe('performance grammar', () => {
  it('allows every token of every encoding, and the end after the last note', () => {
    fc.assert(
      fc.property(scoreArbitrary, fc.constantFrom(0, 2, 32), fc.boolean(), (score, velocityBins, pedals) => {
        const scheme = new PerformanceScheme({ velocityBins, pedals });
        const tokens = scheme.encode(score);
        if (tokens.length === 0) return;
        const grammar = scheme.grammar();
        for (const token of ['BOS', ...tokens, 'EOS']) {
          if (!grammar.allows(token)) throw new Error(`${token} refused in ${tokens.join(' ')}`);
          grammar.push(token);
        }
        expect([...scheme.events, 'BOS', 'EOS'].some((token) => grammar.allows(token))).toBe(false);
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('what it allows is what the encoder writes back, and there is always a way on', () => {
    let ended = 0;
    fc.assert(
      fc.property(options, fc.array(fc.nat(1000), { minLength: 10, maxLength: 80 }), (config, choices) => {
        const scheme = new PerformanceScheme(config);
        const grammar = scheme.grammar();
        const text: string[] = [];
        let end = 0;
        for (const choice of choices) {
          if (grammar.allows('EOS')) end = text.length;
          const legal = scheme.events.filter((name) => grammar.allows(name));
          expect(legal.length).toBeGreaterThan(0);
          text.push(legal[choice % legal.length]);
          grammar.push(text[text.length - 1]);
        }
        const piece = text.slice(0, end);
        expect(scheme.encode(scheme.decode(piece))).toEqual(piece);
        if (end > 0) ended += 1;
      }),
      { numRuns: 300, seed: 3 },
    );
    expect(ended).toBeGreaterThan(50);
  });

  it('states with the same key allow the same tokens', () => {
    const seen = new Map<string | number, string>();
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), (choices) => {
        const grammar = new PerformanceScheme(pedalled).grammar();
        for (const choice of choices) {
          const legal = soup.filter((name) => grammar.allows(name));
          expect(seen.get(grammar.stateKey()) ?? legal.join(' ')).toBe(legal.join(' '));
          seen.set(grammar.stateKey(), legal.join(' '));
          const names = choice % 8 === 0 || legal.length === 0 ? soup : legal;
          grammar.push(names[choice % names.length]);
        }
      }),
      { numRuns: 300, seed: 4 },
    );
    expect(seen.size).toBeGreaterThan(50);
  });

  it('a clone goes its own way', () => {
    const grammar = new PerformanceScheme(small).grammar();
    for (const token of ['Velocity_64', 'NoteOn_60', 'TimeShift_100']) grammar.push(token);
    const copy = grammar.clone();
    copy.push('NoteOff_60');
    expect([grammar.allows('NoteOff_60'), grammar.allows('EOS')]).toEqual([true, false]);
    expect([copy.allows('NoteOff_60'), copy.allows('EOS')]).toEqual([false, true]);
  });
});

describe('performance decode', () => {
  it('takes any sequence of strings, and what it gives is a piece of the scheme', () => {
    fc.assert(
      fc.property(
        options,
        fc.array(fc.oneof(fc.constantFrom(...soup), fc.string()), { maxLength: 80 }),
        (config, tokens) => {
          const scheme = new PerformanceScheme(config);
          const decoded = scheme.decode(tokens);
          expect(scheme.quantise(decoded)).toEqual(decoded);
        },
      ),
      { numRuns: 300, seed: 5 },
    );
  });

  it('leaves no note hanging where the text is cut', () => {
    const decoded = new PerformanceScheme().decode('NoteOn_60 TimeShift_500 NoteOn_64'.split(' '));
    expect(decoded.tracks[0].notes.map(({ tick, duration, pitch }) => [pitch, tick, duration])).toEqual([
      [60, 0, 500],
      [64, 500, 10],
    ]);
  });
});
