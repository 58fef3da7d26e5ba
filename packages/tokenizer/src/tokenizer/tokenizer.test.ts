import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScheme } from '../schemes/registry.js';
import { scoreArbitrary } from '../testing/score-arbitrary.js';
import type { Score } from '../score/score.js';
import { canonicalJson, sha256Hex } from './fingerprint.js';
import { assertSameTokenizer } from './same-tokenizer.js';
import { Tokenizer } from './tokenizer.js';
import { compareCodePoints, Vocabulary } from './vocabulary.js';

function score(...pitches: number[]): Score {
  const notes = pitches.map((pitch, i) => ({ tick: i * 480, duration: 480, pitch, velocity: 80 }));
  const track = { name: '', program: 0, isDrum: false, notes, pedals: [] };
  return { ticksPerQuarter: 480, tempos: [], timeSignatures: [], keySignatures: [], tracks: [track], endTick: pitches.length * 480 }; // prettier-ignore
}

const grid = createScheme({ name: 'grid', grid: '1/4' });

function gridTokenizer(...pitches: number[]): Tokenizer {
  return new Tokenizer(grid, Vocabulary.build(grid.encode(score(...pitches)), { specials: true }));
}

describe('Vocabulary', () => {
  it('sorts by code point as Python does, which is not how JavaScript sorts', () => {
    const tokens = ['E-5', 'E5', '4.7', 'A', '11', '2', '\u{1f3b5}', '\uff5e'];
    expect([...tokens].sort(compareCodePoints)).toEqual(['11', '2', '4.7', 'A', 'E-5', 'E5', '\uff5e', '\u{1f3b5}']);
    expect([...tokens].sort()).not.toEqual([...tokens].sort(compareCodePoints));
  });

  it('compares like arrays of code points', () => {
    const code = fc.oneof(fc.constantFrom(0x41, 0xff5e, 0x1f3b5, 0x1f3b6), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff })); // prettier-ignore
    const text = fc.array(code, { maxLength: 6 }).map((codes) => String.fromCodePoint(...codes));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [x, y] = [[...a], [...b]].map((all) => all.map((c) => c.codePointAt(0) as number));
        const at = x.findIndex((code, i) => code !== y[i]);
        const expected = at < 0 ? x.length - y.length : at >= y.length ? 1 : x[at] - y[at];
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(expected));
      }),
      { seed: 1 },
    );
  });

  it('is the sorted set without specials, and has BOS, EOS and UNK first with them', () => {
    expect(Vocabulary.build(['b', 'a', 'b'], { specials: false }).tokens).toEqual(['a', 'b']);
    expect(Vocabulary.build(['b', 'a', 'b'], { specials: true }).tokens).toEqual(['BOS', 'EOS', 'UNK', 'a', 'b']);
  });

  it('refuses ids outside, and a token that stands twice', () => {
    const vocabulary = new Vocabulary(['a', 'b']);
    expect(() => vocabulary.token(2)).toThrow(/from 0 to 1, got 2/);
    expect(() => vocabulary.token(-1)).toThrow(expect.objectContaining({ code: 'RONDO_TOKEN_RANGE' }));
    expect(() => new Vocabulary(['a', 'b', 'a'])).toThrow(/"a" twice/);
  });
});

describe('Tokenizer', () => {
  it('puts a piece between BOS and EOS, and reads it back', () => {
    const tokenizer = gridTokenizer(60, 62);
    const ids = tokenizer.encode(score(62, 60));
    expect(tokenizer.tokens(ids)).toEqual(['BOS', 'Pitch_62', 'Frame', 'Pitch_60', 'Frame', 'EOS']);
    expect(tokenizer.decode(ids)).toEqual(grid.quantise(score(62, 60)));
  });

  it('decode stops at the first EOS', () => {
    const tokenizer = gridTokenizer(60, 62);
    const two = [...tokenizer.encode(score(62)), ...tokenizer.encode(score(60))];
    expect(tokenizer.decode(two)).toEqual(grid.quantise(score(62)));
  });

  it('unseen tokens become UNK and are counted', () => {
    const tokenizer = gridTokenizer(60);
    const ids = tokenizer.encode(score(60, 61, 62));
    expect(tokenizer.countUnknown(ids)).toBe(2);
    expect(tokenizer.decode(ids).tracks[0].notes.map(({ pitch }) => pitch)).toEqual([60]);
  });

  it('without UNK an unseen token is an error that names it', () => {
    const chord = createScheme('chord');
    const tokenizer = new Tokenizer(chord, Vocabulary.build(['C4', 'E-5'], { specials: false }));
    expect([tokenizer.bos, tokenizer.eos, tokenizer.unk]).toEqual([undefined, undefined, undefined]);
    expect([...tokenizer.ids(['E-5', 'C4'])]).toEqual([1, 0]);
    expect(() => tokenizer.ids(['D4'])).toThrow(expect.objectContaining({ code: 'RONDO_TOKEN_UNSEEN' }));
  });
});

describe('grammar cursor', () => {
  it('its masks are what the grammar allows, id by id', () => {
    fc.assert(
      fc.property(scoreArbitrary, fc.constantFrom('remi', 'grid'), (any, name) => {
        const scheme = createScheme(name);
        const tokenizer = new Tokenizer(scheme, Vocabulary.build(scheme.encode(any), { specials: true }));
        const cursor = tokenizer.grammarCursor();
        const grammar = scheme.grammar();
        const mask = new Uint8Array(tokenizer.vocabulary.size);
        for (const id of tokenizer.encode(any).subarray(0, 60)) {
          cursor.mask(mask);
          const expected = tokenizer.vocabulary.tokens.map((token) => (grammar.allows(token) ? 1 : 0));
          expect([...mask]).toEqual(expected);
          expect(mask[tokenizer.unk as number]).toBe(0);
          expect(cursor.allows(id)).toBe(mask[id] === 1);
          cursor.push(id);
          grammar.push(tokenizer.vocabulary.token(id));
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it('a clone goes on by itself', () => {
    const tokenizer = gridTokenizer(60, 62);
    const cursor = tokenizer.grammarCursor();
    const copy = cursor.clone();
    copy.push(tokenizer.vocabulary.id('Pitch_60') as number);
    const high = tokenizer.vocabulary.id('Pitch_62') as number;
    expect([cursor.allows(high), copy.allows(high)]).toEqual([true, false]);
  });
});

describe('tokenizer.json', () => {
  it('comes back equal for every scheme', () => {
    for (const name of ['remi', 'grid', 'chord']) {
      const scheme = createScheme(name);
      const built = new Tokenizer(
        scheme,
        Vocabulary.build(scheme.encode(score(60, 64)), { specials: scheme.specials }),
      );
      const back = Tokenizer.fromJSON(JSON.parse(JSON.stringify(built)));
      expect(back.fingerprint).toBe(built.fingerprint);
      expect(back.scheme.config).toEqual(built.scheme.config);
      expect(back.vocabulary.tokens).toEqual(built.vocabulary.tokens);
    }
  });

  it('the fingerprint is SHA-256 of the canonical JSON of scheme and tokens', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(gridTokenizer(60).fingerprint).not.toBe(gridTokenizer(61).fingerprint);
    expect(gridTokenizer(60).fingerprint).toBe(gridTokenizer(60, 60).fingerprint);
  });

  it('refuses what is no tokenizer, and tokens that were changed', () => {
    expect(() => Tokenizer.fromJSON({})).toThrow(expect.objectContaining({ code: 'RONDO_TOKENIZER_FORMAT' }));
    const json = gridTokenizer(60, 62).toJSON();
    const swapped = { ...json, tokens: [...json.tokens].reverse() };
    expect(() => Tokenizer.fromJSON(swapped)).toThrow(expect.objectContaining({ code: 'RONDO_TOKENIZER_MISMATCH' }));
    const noSpecials = { ...json, tokens: ['Frame'] };
    expect(() => Tokenizer.fromJSON(noSpecials)).toThrow(/BOS, EOS and UNK/);
    expect(() => Tokenizer.fromJSON({ ...json, scheme: { name: 'tape' } })).toThrow(/no scheme "tape".*remi/);
  });

  it('a mismatch names both sides', () => {
    const side = (name: string, fingerprint: string) => ({ name, fingerprint, vocabulary: 9 });
    expect(() => assertSameTokenizer(side('the model M', 'aa'), side('the dataset D', 'bb'))).toThrow(
      /model M.*dataset D/,
    );
    expect(() => assertSameTokenizer(side('the model M', 'aa'), side('the dataset D', 'aa'))).not.toThrow();
  });
});
