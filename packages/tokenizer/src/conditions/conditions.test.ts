import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stretch, transpose } from '../augment/augment.js';
import type { Score } from '../score/score.js';
import { createScheme } from '../schemes/registry.js';
import { tune } from '../testing/corpus.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { Vocabulary } from '../tokenizer/vocabulary.js';
import { CONDITION_KINDS, conditionToken, transposeKey, type ConditionValues } from './condition.js';
import { conditionTokens } from './derive.js';

const code = (name: string): unknown => expect.objectContaining({ code: `RONDO_CONDITION_${name}` });

/** A C major scale in quarters at 100 a minute, on the strings. */
function scale(): Score {
  const notes = [0, 2, 4, 5, 7, 9, 11, 12].map((step, i) => ({ tick: i * 480, duration: 480, pitch: 60 + step, velocity: 80 })); // prettier-ignore
  const tempos = [{ tick: 0, microsecondsPerQuarter: 600_000 }];
  const track = { name: '', program: 48, isDrum: false, notes, pedals: [] };
  return { ticksPerQuarter: 480, tempos, timeSignatures: [], keySignatures: [], tracks: [track], endTick: 3840 };
}

const remi = createScheme('remi');
const values: ConditionValues = { genre: 'Folk', composer: 'Anon' };

function tokenizerOf(...scores: Score[]): Tokenizer {
  const tokens = scores.flatMap((score) => [...conditionTokens(CONDITION_KINDS, score, values), ...remi.encode(score)]);
  return new Tokenizer(remi, Vocabulary.build(tokens, { specials: true }), CONDITION_KINDS);
}

describe('condition tokens', () => {
  it('say what the music says, in a fixed order', () => {
    expect(conditionTokens(CONDITION_KINDS, scale())).toEqual([
      'instrument=ensemble',
      'tempo=100',
      'density=1.4', // 100 notes a minute are 1.67 a second
      'key=C major',
    ]);
    expect(conditionTokens(['key', 'genre'], scale(), { genre: ' Latin  JAZZ' })).toEqual([
      'genre=latin jazz',
      'key=C major',
    ]);
  });

  it('name the pitched family that plays most, and drums only where nothing else plays', () => {
    const drums = { ...scale().tracks[0], isDrum: true, notes: tune(1, 40).tracks[0].notes };
    const both = { ...scale(), tracks: [...scale().tracks, drums] };
    expect(conditionTokens(['instrument'], both)).toEqual(['instrument=ensemble']);
    expect(conditionTokens(['instrument'], { ...both, tracks: [drums] })).toEqual(['instrument=drums']);
    expect(conditionTokens(CONDITION_KINDS, { ...both, tracks: [] })).toEqual([]);
  });

  it('follow a transposition and a stretch, heard or given', () => {
    const changed = stretch(transpose(scale(), 3), 1.25);
    expect(conditionTokens(['tempo', 'key'], changed)).toEqual(['tempo=80', 'key=Eb major']);
    const given = { tempo: 100, key: 'Am', density: 8 };
    expect(conditionTokens(['tempo', 'density', 'key'], changed, given, { transpose: 3, stretch: 2 })).toEqual([
      'tempo=50',
      'density=4',
      'key=C minor',
    ]);
  });

  it('take keys as musicians write them, and refuse what is none', () => {
    const keys = ['c', 'Am', 'Bb', 'F# minor', 'G#', 'ab min', 'Cb', 'D maj', 'EM'];
    expect(keys.map((key) => conditionToken('key', key).slice(4))).toEqual([
      'C major',
      'A minor',
      'Bb major',
      'F# minor',
      'Ab major',
      'G# minor',
      'B major',
      'D major',
      'E major',
    ]);
    for (const bad of ['H', 'C lydian', '']) expect(() => conditionToken('key', bad)).toThrow(code('VALUE'));
    for (const bad of ['fast', 0, -3, Infinity]) expect(() => conditionToken('tempo', bad)).toThrow(code('VALUE'));
    expect(() => conditionToken('genre', '  ')).toThrow(/genre.*empty/);
  });

  it('twelve semitones are the same key again', () => {
    fc.assert(
      fc.property(fc.constantFrom('C major', 'Eb major', 'F# major', 'A minor', 'C# minor'), fc.integer({ min: -12, max: 12 }), (key, by) => {
        expect(transposeKey(transposeKey(key, by), -by)).toBe(key);
        expect(transposeKey(key, by + 12)).toBe(transposeKey(key, by));
      }),
    ); // prettier-ignore
  });
});

describe('a tokenizer with conditions', () => {
  const tokenizer = tokenizerOf(scale(), transpose(scale(), 2), stretch(scale(), 0.5));

  it('puts them between BOS and the music, and decodes the music alone', () => {
    const ids = tokenizer.encode(scale(), values);
    expect(tokenizer.tokens(ids).slice(0, 8)).toEqual(
      'BOS genre=folk composer=anon instrument=ensemble tempo=100 density=1.4'.split(' ').concat('key=C major', 'Bar'),
    );
    expect(tokenizer.decode(ids)).toEqual(remi.quantise(scale()));
    expect([...ids].map((id) => tokenizer.isCondition(id)).lastIndexOf(true)).toBe(6);
  });

  it('gives the beginning of a piece that fulfils wishes, the nearest number for a number', () => {
    const prefix = tokenizer.conditionPrefix({ key: 'd', tempo: 111, genre: 'FOLK' });
    expect(tokenizer.tokens(prefix)).toEqual(['BOS', 'genre=folk', 'tempo=100', 'key=D major']);
    expect(tokenizer.conditionChoices('tempo')).toEqual(['100', '200']);
    expect(tokenizer.conditionChoices('key')).toEqual(['C major', 'D major']);
    expect(tokenizer.tokens(tokenizer.conditionPrefix({}))).toEqual(['BOS']);
  });

  it('says which wishes it knows', () => {
    expect(() => tokenizer.conditionPrefix({ genre: 'polka' })).toThrow(code('UNKNOWN'));
    expect(() => tokenizer.conditionPrefix({ genre: 'polka' })).toThrow(/no genre "polka": choose one of folk/);
    const plain = new Tokenizer(remi, Vocabulary.build(remi.encode(scale()), { specials: true }));
    expect(() => plain.conditionPrefix({ genre: 'polka' })).toThrow(/trained with no conditions/);
    expect(() => tokenizer.conditionPrefix({ tempo: 'fast' })).toThrow(code('VALUE'));
  });

  it('comes back from tokenizer.json, under another fingerprint than without them', () => {
    const back = Tokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)));
    expect(back.fingerprint).toBe(tokenizer.fingerprint);
    expect(back.conditions).toEqual(CONDITION_KINDS);
    expect([...back.encode(scale(), values)]).toEqual([...tokenizer.encode(scale(), values)]);
    expect(new Tokenizer(remi, tokenizer.vocabulary).fingerprint).not.toBe(tokenizer.fingerprint);
    expect(
      Tokenizer.fromJSON(JSON.parse(JSON.stringify(new Tokenizer(remi, tokenizer.vocabulary)))).conditions,
    ).toEqual([]);
  });

  it('needs a scheme with BOS', () => {
    const chord = createScheme('chord');
    const vocabulary = Vocabulary.build(['C4'], { specials: false });
    expect(() => new Tokenizer(chord, vocabulary, ['key'])).toThrow(/no place for conditions/);
  });
});

describe('the grammar of conditions', () => {
  it('allows each kind once, in order, after BOS and before the music, for every scheme', () => {
    for (const name of ['remi', 'performance', 'grid']) {
      const scheme = createScheme(name);
      const piece = tune(3);
      const tokens = [...conditionTokens(CONDITION_KINDS, piece, values), ...scheme.encode(piece)];
      const tokenizer = new Tokenizer(scheme, Vocabulary.build(tokens, { specials: true }), CONDITION_KINDS);
      const cursor = tokenizer.grammarCursor();
      const mask = new Uint8Array(tokenizer.vocabulary.size);
      const allowed = (): string[] => {
        cursor.mask(mask);
        return tokenizer.vocabulary.tokens.filter((_, id) => mask[id] === 1 && tokenizer.isCondition(id));
      };
      const all = allowed().length;
      expect(all).toBe(6);
      for (const [i, id] of tokenizer.encode(piece, values).entries()) {
        expect(cursor.allows(id), tokenizer.vocabulary.token(id)).toBe(true);
        cursor.mask(mask);
        expect(mask[id]).toBe(1);
        cursor.push(id);
        expect(allowed()).toHaveLength(i <= 6 ? all - i : 0);
      }
    }
  });

  it('reads which part plays alone, but never chooses it', () => {
    const tokens = [...conditionTokens(CONDITION_KINDS, scale(), { alone: 'strings' }), ...remi.encode(scale())];
    const tokenizer = new Tokenizer(remi, Vocabulary.build(tokens, { specials: true }), CONDITION_KINDS);
    const [bos, alone] = tokenizer.conditionPrefix({ alone: 'strings' });
    const cursor = tokenizer.grammarCursor();
    cursor.push(bos);
    expect(cursor.allows(alone)).toBe(false);
    cursor.push(alone);
    expect(['tempo=100', 'Bar'].map((token) => cursor.allows(tokenizer.vocabulary.id(token) as number))).toEqual([
      true,
      true,
    ]);
  });

  it('lets kinds be left out, and goes its own way after clone', () => {
    const tokenizer = tokenizerOf(scale());
    const cursor = tokenizer.grammarCursor();
    const id = (token: string): number => tokenizer.vocabulary.id(token) as number;
    cursor.push(id('BOS'));
    const copy = cursor.clone();
    cursor.push(id('key=C major'));
    expect([cursor.allows(id('tempo=100')), copy.allows(id('tempo=100'))]).toEqual([false, true]);
    expect([cursor.allows(id('Bar')), copy.allows(id('Bar')), cursor.allows(id('BOS'))]).toEqual([true, true, false]);
    copy.push(tokenizer.unk as number);
    expect(copy.allows(id('tempo=100'))).toBe(true);
  });
});
