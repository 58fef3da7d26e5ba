import { describe, expect, it } from 'vitest';
import { createScheme } from '../schemes/registry.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { Vocabulary } from '../tokenizer/vocabulary.js';
import { FrameAlignment } from './frame-alignment.js';
import type { FrameHistory } from './frame-history.js';
import { historyFeed, historyInputs } from './history-inputs.js';

const pitches = Array.from({ length: 40 }, (_, i) => `Pitch_${40 + i}`);
const tokenizer = new Tokenizer(
  createScheme({ name: 'grid' }),
  new Vocabulary(['BOS', 'EOS', 'UNK', 'Frame', ...pitches]),
);
const V = tokenizer.vocabulary.size;
const NONE = V;
const known = historyInputs(tokenizer)!;
const feed = historyFeed(
  tokenizer,
  Object.values(known).map(({ name, size }) => ({ name, vocabulary: size })),
)!;
const id = (pitch: number) => tokenizer.vocabulary.id(`Pitch_${pitch}`)!;
const END = tokenizer.vocabulary.id('Frame')!;
const piece = (frames: number[][]) => [tokenizer.bos!, ...frames.flatMap((frame) => [...frame.map(id), END])];

/** Values of one input after each id of the piece. */
function values(name: string, ids: readonly number[]): number[] {
  const history = feed.open() as FrameHistory;
  return ids.map((one) => {
    history.push(one);
    return known[name]!.read(history);
  });
}

describe('inputs of the history', () => {
  const frames = [[67, 60], [65, 60, 48], [], [67, 60], [65, 60]];

  it('place: tokens of the frame before, the last place for all beyond the sixteenth', () => {
    expect(values('place', piece(frames))).toEqual([0, 1, 2, 0, 1, 2, 3, 0, 0, 1, 2, 0, 1, 2, 0]);
    const crowd = piece([Array.from({ length: 20 }, (_, i) => 70 - i)]);
    expect(Math.max(...values('place', crowd))).toBe(known['place']!.size - 1);
  });

  it('beat: frames before its own, modulo 48', () => {
    expect(values('beat', piece(frames))).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 3, 3, 3, 4, 4, 4, 5]);
    expect(values('beat', piece(Array.from({ length: 50 }, () => []))).slice(-3)).toEqual([0, 1, 2]);
  });

  it('above: the token at its place in the frame before, the end of the frame beyond its pitches', () => {
    expect(values('above', piece(frames.slice(0, 3)))).toEqual(
      [NONE, NONE, NONE, id(67), id(60), END, END, id(65), END], // prettier-ignore
    );
  });

  it('repeat: what followed the likest passage, from there on the next pitch below', () => {
    // After [67 60] again, the first one's follower [65 60 48] is the guess.
    const told = values('repeat', piece(frames));
    const afterRepeat = 1 + 3 + 4 + 1 + 3 - 1;
    expect(told.slice(afterRepeat, afterRepeat + 3)).toEqual([id(65), id(60), id(48)]);
    // A pitch that is not in the guessed frame: the guess goes on below it.
    const history = feed.open() as FrameHistory;
    for (const one of piece([[67, 60], [65, 60, 48], [], [67, 60]])) history.push(one);
    history.push(id(62));
    expect(history.repeat).toBe(id(60));
    history.push(id(45));
    expect(history.repeat).toBe(END);
  });

  it('repeat is none where nothing is like, and trust grows as a passage goes on repeating', () => {
    const tune = [60, 62, 64, 65, 67, 69, 71, 72].map((pitch) => [pitch]);
    const told = {
      repeat: values('repeat', piece([...tune, ...tune])),
      trust: values('trust', piece([...tune, ...tune])),
    };
    expect(told.repeat.slice(0, 17)).toEqual(Array.from({ length: 17 }, () => NONE));
    expect(told.trust.slice(0, 17)).toEqual(Array.from({ length: 17 }, () => 0));
    const ends = (list: number[]) => list.filter((_, i) => i > 0 && i % 2 === 0).slice(8);
    expect(ends(told.repeat).slice(0, 7)).toEqual([62, 64, 65, 67, 69, 71, 72].map(id));
    const trust = ends(told.trust);
    expect(trust).toEqual([...trust].sort((a, b) => a - b));
    expect(trust.at(-1)).toBeGreaterThan(trust[0]!);
  });

  const tune = (seed: number, length: number) => Array.from({ length }, (_, k) => [50 + ((seed * (k + 3) ** 2) % 23)]);
  /** Values at the ends of the frames: what is said of the highest pitch of the next one. */
  const atEnds = (name: string, frames: number[][]) => values(name, piece(frames)).filter((_, i) => i % 2 === 0);

  it('back: what stood so many frames before, none in the frames before that', () => {
    const frames = tune(1, 40);
    const expected = [...Array.from({ length: 24 }, () => NONE), ...frames.slice(0, 17).map(([pitch]) => id(pitch!))];
    expect(atEnds('back24', frames)).toEqual(expected);
    const history = feed.open() as FrameHistory;
    for (const one of piece([[67, 60], ...tune(1, 23)])) history.push(one);
    expect(history.back(24)).toBe(id(67));
    history.push(id(62)); // the frame goes on below what was chosen
    expect(history.back(24)).toBe(id(60));
    history.push(id(55));
    expect(history.back(24)).toBe(END);
  });

  it('strain: a chord that lasts is not like itself, a strain that comes again is', () => {
    const held = Array.from({ length: 16 }, () => [60]);
    expect(atEnds('trust', held).at(-1)).toBeGreaterThan(5);
    expect(atEnds('strainTrust', held).every((trust) => trust === 0)).toBe(true);
    const strain = tune(1, 32);
    const twice = [...strain, ...strain];
    const told = atEnds('strain', twice).slice(40, 64);
    expect(told).toEqual(strain.slice(8).map(([pitch]) => id(pitch!)));
    expect(atEnds('strainTrust', twice).at(-1)).toBeGreaterThan(5);
  });

  it('topStood, bassStood: for how many frames the highest and the lowest pitch have stood, and the one before', () => {
    const frames = [[67, 48], [67, 48], [65, 48], [64, 50], [64, 50]]; // prettier-ignore
    const said = (name: string) => values(name, piece(frames)).filter((_, i) => i % 3 === 0);
    expect(said('topStood')).toEqual([0, 1, 2, 1, 1, 2]);
    expect(said('bassStood')).toEqual([0, 1, 2, 3, 1, 2]);
    expect(said('bassStoodBefore')).toEqual([0, 0, 0, 0, 3, 3]);
    const held = Array.from({ length: 50 }, () => [60]);
    expect([atEnds('topStood', held).at(-1), atEnds('bassStood', held).at(-1)]).toEqual([16, 32]);
  });

  it('strain: passages that are no whole bars back do not count', () => {
    const figure = Array.from({ length: 60 }, (_, k) => [50 + (k % 17)]);
    expect(
      atEnds('strainTrust', figure)
        .slice(0, 34)
        .every((trust) => trust === 0),
    ).toBe(true);
  });

  it('span: frames before its own, modulo 192', () => {
    expect(atEnds('span', tune(1, 200)).slice(-10)).toEqual([191, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('a copy goes on by itself', () => {
    const ids = piece([...frames, ...frames, [70], ...frames]);
    for (const cut of [1, 5, 17, 30]) {
      const history = feed.open() as FrameHistory;
      ids.slice(0, cut).forEach((one) => history.push(one));
      const copy = history.clone();
      for (const one of piece([[50], [51]])) history.push(one);
      const told = ids.slice(cut).map((one) => {
        copy.push(one);
        return feed.inputs.map(({ read }) => read(copy));
      });
      const whole = feed.inputs.map(({ name }) => values(name, ids).slice(cut));
      expect(told).toEqual(told.map((_, i) => whole.map((list) => list[i])));
    }
  });

  it('looks back over thousands of frames with a memory that does not grow', () => {
    const history = feed.open() as FrameHistory;
    const long = Array.from({ length: 9000 }, (_, k) => [41 + ((k * k) % 37)]);
    for (const one of piece(long)) history.push(one);
    expect(history.frame).toBe(9000);
    // Squares modulo 37 repeat every 37 frames.
    expect(history.repeat).toBe(id(41 + ((9000 * 9000) % 37)));
    expect(known['trust']!.read(history)).toBe(known['trust']!.size - 2);
  });

  it('are known to schemes with frames alone, and fed only by name and size', () => {
    expect(historyInputs(new Tokenizer(createScheme({ name: 'remi' }), new Vocabulary(['BOS', 'EOS', 'UNK'])))).toBe(
      undefined,
    );
    expect(historyFeed(tokenizer, [{ name: 'place', vocabulary: 17 }])).toBe(undefined);
    expect(historyFeed(tokenizer, [{ name: 'toString', vocabulary: 16 }])).toBe(undefined);
    expect(historyFeed(tokenizer, [{ name: 'place', vocabulary: 16 }])?.inputs.map(({ name }) => name)).toEqual([
      'place',
    ]);
  });
});

describe('FrameAlignment', () => {
  it('of equally like passages takes the latest', () => {
    const alignment = new FrameAlignment();
    for (const name of [1, 2, 1, 3, 1]) alignment.push(name, 10 + name);
    expect(alignment.follower).toBe(3);
  });

  it('finds the same highest notes where the frames differ', () => {
    const alignment = new FrameAlignment();
    alignment.push(1, 60);
    alignment.push(2, 62);
    alignment.push(3, 60);
    expect([alignment.follower, alignment.best]).toEqual([1, 8]);
  });
});
