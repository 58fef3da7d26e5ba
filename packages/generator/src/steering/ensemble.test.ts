import { createScheme, type Score, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GeneratorError } from '../errors.js';
import { seededRandom } from '../random.js';
import { randomWalk } from '../testing/random-walk.js';
import { pieceOf, toyCorpus } from '../testing/toy.js';
import { REST_BARS } from './instruments.js';
import { openPath } from './open.js';
import { parseWishes, type SteeringOptions } from './parse.js';
import { checkWishes } from './report.js';

const TRIO = [
  { program: 0, isDrum: false },
  { program: 33, isDrum: false },
  { program: 0, isDrum: true },
];

/** Piano, bass and drums, each with the notes of one piece. */
function trio(score: Score): Score {
  const tracks = TRIO.map((player) => ({ ...score.tracks[0], ...player }));
  return { ...score, tracks };
}

const scheme = createScheme({ name: 'remi' });
const corpus = toyCorpus().map(trio);
const tokenizer = new Tokenizer(scheme, Vocabulary.build(corpus.flatMap((score) => scheme.encode(score)), scheme)); // prettier-ignore

type Asked = SteeringOptions & { bars?: number; seconds?: number };
const wishesOf = (options: Asked) => parseWishes({ ...options, ending: 'proper' })!;

/** For each of the three the bars in which it begins a note. */
function heard({ tracks, ticksPerQuarter }: Score): string[] {
  return TRIO.map(({ program, isDrum }) => {
    const own = tracks.filter((track) => track.isDrum === isDrum && (isDrum || track.program === program));
    const bars = own.flatMap(({ notes }) => notes.map(({ tick }) => Math.floor(tick / (4 * ticksPerQuarter))));
    return [...new Set(bars)].sort((a, b) => a - b).join(' ');
  });
}

describe('instruments that are named', () => {
  it('all play, none silent for four bars, whatever else is asked for', () => {
    const manner = fc.record(
      {
        key: fc.constantFrom('Bb', 'C minor'),
        chords: fc.constantFrom('Bb Eb F Bb', 'Bb | F Eb'),
        polyphony: fc.integer({ min: 1, max: 4 }),
        density: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant([[0, 1], [1, 6]] as [number, number][])),
        seconds: fc.constant(15),
      },
      { requiredKeys: [] },
    ); // prettier-ignore
    const instruments = fc.constantFrom('piano, bass, drums', 'drums, bass', 'piano, bass?, drums', '33');
    let met = 0;
    fc.assert(
      fc.property(manner, instruments, fc.integer({ min: 1, max: 11 }), fc.nat(1000), (how, who, bars, seed) => {
        const wishes = wishesOf({ ...how, instruments: who, ...(how.seconds === undefined ? { bars } : {}) });
        try {
          const { obeyed, score } = randomWalk(tokenizer, wishes, seededRandom(seed));
          expect(obeyed.filter((one) => !one.obeyed)).toEqual([]);
          const silent = heard(score).filter((one) => one === '').length;
          expect(silent).toBeLessThanOrEqual(3 - wishes.instruments!.filter(({ plays }) => plays).length);
          met++;
        } catch (error) {
          if ((error as GeneratorError).code !== 'RONDO_GENERATOR_CONSTRAINT') throw error;
        }
      }),
      { numRuns: 16, seed: 7 },
    );
    expect(met).toBeGreaterThan(9);
  });

  it('are where a player of few notes has to find a place for each of them', () => {
    const wishes = wishesOf({ instruments: 'piano, bass, drums', density: 1, bars: 12, polyphony: 1 });
    const { score } = randomWalk(tokenizer, wishes, seededRandom(3));
    for (const bars of heard(score)) {
      const marks = [-1, ...bars.split(' ').map(Number), 12];
      marks.slice(1).forEach((bar, i) => expect(bar - marks[i]).toBeLessThanOrEqual(REST_BARS));
    }
  });

  it('all play in a piece of one bar, in whatever order they are named', () => {
    const { score } = randomWalk(tokenizer, wishesOf({ instruments: 'bass, drums, piano', bars: 1 }), seededRandom(2));
    expect(heard(score)).toEqual(['0', '0', '0']);
  });

  it('play along with given notes, also below them', () => {
    const given = { ...corpus[0], tracks: corpus[0].tracks.slice(1) };
    const walk = randomWalk(tokenizer, wishesOf({ accompany: given, instruments: 'piano' }), seededRandom(1));
    const piano = walk.score.tracks.filter(({ program, isDrum }) => program === 0 && !isDrum);
    expect(piano.flatMap(({ notes }) => notes).length).toBeGreaterThan(0);
  });

  it('play along as far as the model hears the given notes, and not where it hears none', () => {
    const [piano] = corpus[0].tracks;
    const deaf = { ...piano, notes: piano.notes.map((note) => ({ ...note, pitch: 3 })) };
    const half = { ...piano, notes: piano.notes.filter(({ tick }) => tick < 96) };
    const given = (...tracks: Score['tracks']) =>
      wishesOf({ accompany: { ...corpus[0], tracks }, instruments: 'bass' });
    const { score } = randomWalk(tokenizer, given(half, deaf), seededRandom(1));
    const bass = score.tracks.filter(({ program }) => program === 33).flatMap(({ notes }) => notes);
    expect(bass.length).toBeGreaterThan(0);
    expect(() => openPath(tokenizer, given(deaf), [tokenizer.bos!])).toThrow('can spell none of the given notes');
  });

  it('are refused where the model has never heard one of them, unless it need not play', () => {
    const open = (instruments: string) => () => openPath(tokenizer, wishesOf({ instruments, bars: 4 }), [tokenizer.bos!]); // prettier-ignore
    expect(open('piano, flute')).toThrow(
      'this model has never heard flute; name other `instruments`: it knows acoustic grand piano',
    );
    expect(open('piano, flute?')).not.toThrow();
    expect(open('flute?')).toThrow('never heard flute');
  });
});

it('a check of written music names who is silent', () => {
  const long = pieceOf([[60], [60], [60], [60], [60], [60]]);
  const [piano] = long.tracks;
  const bass = { ...piano, program: 33, notes: piano.notes.slice(0, 1) };
  const report = (instruments: string) =>
    checkWishes({ ...long, tracks: [piano, bass] }, wishesOf({ instruments, bars: 6 }))[0];
  expect(report('piano, bass')).toEqual({ wish: 'instruments', obeyed: false, measured: 'bass is silent for 5 bars' });
  expect(report('piano, bass?')).toEqual({ wish: 'instruments', obeyed: true, measured: 1 });
  expect(report('piano')).toEqual({ wish: 'instruments', obeyed: false, measured: 6 / 7 });
});
