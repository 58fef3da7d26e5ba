import { createScheme, readMidi, type SchemeName, Tokenizer, Vocabulary, writeMidi } from '@rondo/tokenizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GeneratorError } from '../errors.js';
import { seededRandom } from '../random.js';
import { randomWalk } from '../testing/random-walk.js';
import { toyCorpus } from '../testing/toy.js';
import { wishArbitrary } from '../testing/wish-arbitrary.js';
import { openPath } from './open.js';
import { parseWishes, type SteeringOptions } from './parse.js';
import { checkWishes } from './report.js';

const corpus = toyCorpus();

function tokenizerOf(name: SchemeName, options: object = {}): Tokenizer {
  const scheme = createScheme({ name, ...options });
  return new Tokenizer(scheme, Vocabulary.build(corpus.flatMap((score) => scheme.encode(score)), scheme)); // prettier-ignore
}

/** The same with pairs of tokens that often stand together as one. */
function merged(plain: Tokenizer): Tokenizer {
  const id = (name: string) => plain.vocabulary.id(name)!;
  const { size } = plain.vocabulary;
  const pairs: [number, number][] = [
    [id('Velocity_79'), id('Duration_1.0.12')],
    [id('Position_12'), id('Pitch_62')],
    [size + 1, size],
    [id('Bar'), id('Position_0')],
  ];
  return new Tokenizer(plain.scheme, plain.vocabulary, [], pairs);
}

/** The corpus with a pedal under every bar. */
function tokenizerWithPedals(name: SchemeName): Tokenizer {
  const scheme = createScheme({ name, pedals: true });
  const played = corpus.map((score) => ({
    ...score,
    tracks: score.tracks.map((track) => ({ ...track, pedals: [{ tick: 0, duration: 2 * score.ticksPerQuarter }] })),
  }));
  return new Tokenizer(scheme, Vocabulary.build(played.flatMap((score) => scheme.encode(score)), scheme)); // prettier-ignore
}

const remi = tokenizerOf('remi');
const schemes: [string, Tokenizer][] = [
  ['remi', remi],
  ['grid', tokenizerOf('grid', { grid: '1/8' })],
  ['grid with holds', tokenizerOf('grid', { holds: true })],
  ['chord', tokenizerOf('chord')],
  ['chord with lengths and rests', tokenizerOf('chord', { voicing: true, durations: true, rests: true })],
  ['performance', tokenizerOf('performance')],
  ['remi with merges', merged(tokenizerOf('remi', { programs: false }))],
  ['remi with pedals', tokenizerWithPedals('remi')],
  ['performance with pedals', tokenizerWithPedals('performance')],
];

function wishesOf(options: SteeringOptions & { bars?: number; seconds?: number }) {
  const wishes = parseWishes({ ...options, ending: 'proper' });
  if (wishes === undefined) throw new Error('no wishes');
  return wishes;
}

describe.each(schemes)('random wishes, drawn evenly from what is allowed: %s', (_, tokenizer) => {
  it('never lead into a dead end, and the written music obeys them all', () => {
    let met = 0;
    fc.assert(
      fc.property(wishArbitrary(tokenizer.scheme.name), fc.nat(1000), (options, seed) => {
        const wishes = wishesOf(options);
        try {
          const { score, obeyed } = randomWalk(tokenizer, wishes, seededRandom(seed));
          met++;
          expect(obeyed.filter((one) => !one.obeyed)).toEqual([]);
          expect(obeyed.length).toBeGreaterThan(0);
          // As anybody who opens the file sees it.
          const read = readMidi(writeMidi(score));
          const seen = checkWishes({ ...read, endTick: Math.max(read.endTick, score.endTick) }, wishes);
          expect(seen.filter((one) => !one.obeyed)).toEqual([]);
        } catch (error) {
          // What cannot be met is refused before the first token, never on the way.
          if ((error as GeneratorError).code !== 'RONDO_GENERATOR_CONSTRAINT') throw error;
        }
      }),
      { numRuns: 25, seed: 5 },
    );
    expect(met).toBeGreaterThan(2);
  });
});

it('the pedal of a performance never holds one chord into the next', () => {
  const tokenizer = tokenizerWithPedals('performance');
  const spans = [1, 2, 3].flatMap((seed) => {
    const { score } = randomWalk(tokenizer, wishesOf({ bars: 4, chords: 'Bb Eb F Bb' }), seededRandom(seed));
    return score.tracks[0].pedals.map(({ tick, duration }) => [tick, tick + duration]);
  });
  expect(spans.length).toBeGreaterThan(5);
  for (const [from, to] of spans) expect(Math.floor(from / 2000)).toBe(Math.ceil(to / 2000) - 1);
});

type Asked = SteeringOptions & { bars?: number; seconds?: number };

describe('a check of the written music', () => {
  const [score] = corpus; // four bars of C-like arpeggios on B flat, E flat, F and B flat
  it.each<[Asked, boolean]>([
    [{ key: 'Bb major' }, true],
    [{ key: 'B major' }, false],
    [{ chords: 'Bb Eb F Bb' }, true],
    [{ chords: 'Bb Eb C Bb' }, false],
    [{ chords: 'I IV V I', key: 'Bb' }, true],
    [{ range: '58..77' }, true],
    [{ range: '59..77' }, false],
    [{ polyphony: 1 }, true],
    [{ density: 4 }, true],
    [{ density: 9 }, false],
    [{ meter: '3/4' }, false],
    [{ instruments: 'piano' }, true],
    [{ instruments: 'violin, drums' }, false],
    [{ bars: 4 }, true],
    [{ bars: 5 }, false],
    [{ seconds: 8 }, true],
    [{ seconds: 8.5 }, false],
    [{ tempo: 120 }, true],
    [{ tempo: 90 }, false],
  ])('%o: %s', (options, wanted) => {
    const report = checkWishes(score, wishesOf(options.seconds === undefined ? { bars: 4, ...options } : options));
    const [wish] = Object.keys(options);
    expect(report.find((one) => one.wish === wish)?.obeyed).toBe(wanted);
  });
});

describe('wishes that cannot be met', () => {
  it.each<[Asked, string]>([
    [{ range: '20..25', tempo: 100, key: 'C', bars: 2 }, '`range` cannot be met with'],
    [{ key: 'C major', range: '58..58', density: 3, tempo: 90, bars: 2 }, '`key` and `range` cannot be met together'],
    [{ key: 'C', chords: 'F#', range: '60..61', polyphony: 3, bars: 2 }, '`chords` and `range` cannot be met together'],
  ])('are told apart from those that can: %o', (options, message) => {
    expect(() => openPath(remi, wishesOf(options), [remi.bos!])).toThrow(message);
  });
});

describe('what makes no sense', () => {
  it.each([
    [{ key: 'H major' }, 'key'],
    [{ key: 'C banana' }, 'key'],
    [{ chords: 'Xyz' }, 'chords'],
    [{ chords: 'I vi' }, 'chords'], // without a key
    [{ range: 'C6..C3' }, 'range'],
    [{ meter: '4/5' }, 'meter'],
    [{ instruments: 'kazoo orchestra' }, 'instruments'],
    [{ bars: 4, seconds: 9 }, 'bars'],
    [{ harmonise: corpus[0], bars: 4 }, 'harmonise'],
    [{ accompany: corpus[0] }, 'accompany'],
  ])('is refused with its name: %o', (options, name) => {
    expect(() => wishesOf(options)).toThrow(expect.objectContaining({ code: 'RONDO_GENERATOR_OPTION' }));
    expect(() => wishesOf(options)).toThrow(name);
  });

  it('is refused where the scheme has no place for it', () => {
    const walk = (name: number, options: SteeringOptions) => () =>
      randomWalk(schemes[name][1], wishesOf({ bars: 2, ...options }), seededRandom(1));
    expect(walk(1, { instruments: 'violin' })).toThrow('grid');
    expect(walk(3, { instruments: 'violin' })).toThrow('chord');
    expect(walk(5, { meter: '3/4' })).toThrow('performance');
    expect(walk(0, { instruments: 'violin' })).toThrow('violin');
    expect(walk(0, { meter: '3/4' })).toThrow('3/4');
    expect(walk(0, { key: 'B major', range: '60..60' })).toThrow(GeneratorError);
  });
});
