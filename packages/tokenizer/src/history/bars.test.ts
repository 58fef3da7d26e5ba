import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScheme } from '../schemes/registry.js';
import { band } from '../testing/corpus-tunes.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { Vocabulary } from '../tokenizer/vocabulary.js';
import { historyFeed, historyInputs } from './history-inputs.js';

const names = [
  ...['BOS', 'EOS', 'UNK', 'Bar', 'TimeSig_4/4', 'Tempo_120', 'Program_-1', 'Program_33', 'Velocity_8', 'Velocity_9'],
  ...['PitchDrum_36', 'PitchDrum_38', 'PitchDrum_42', 'Pitch_40', 'Pitch_43', 'Duration_1', 'Duration_2'],
  ...Array.from({ length: 48 }, (_, place) => `Position_${place}`),
];
const scheme = createScheme('remi');
const tokenizer = new Tokenizer(scheme, new Vocabulary(names));
const known = historyInputs(tokenizer)!;
const sizes = Object.values(known).map(({ name, size }) => ({ name, vocabulary: size }));
const feed = historyFeed(tokenizer, sizes)!;
const idOf = (token: string): number => tokenizer.vocabulary.id(token)!;

/** Tokens in short: `@12` a position, `k` kick, `s` snare, `h` hi-hat with velocity and length, `|` a bar, `b` a bass. */
function spelled(text: string): string[] {
  const strokes: Record<string, string> = { k: 'PitchDrum_36', s: 'PitchDrum_38', h: 'PitchDrum_42' };
  const tokens = text.split(' ').flatMap((word) => {
    if (word === '|') return ['Bar'];
    if (word.startsWith('@')) return [`Position_${word.slice(1)}`];
    if (word === 'b') return ['Program_33', 'Pitch_40', 'Velocity_8', 'Duration_2'];
    return word in strokes ? [strokes[word], 'Velocity_8', 'Duration_1'] : [word];
  });
  return ['BOS', ...tokens];
}

/** What the bars before have next after the last of the tokens, by name; `none` where there is no such bar. */
function told(text: string): Record<string, string | number> {
  const history = feed.open();
  for (const token of spelled(text)) history.push(idOf(token));
  const values = feed.inputs.map((input) => [input.name, input.read(history)] as const);
  const nameOf = (name: string, value: number): string | number =>
    name.startsWith('bar') ? (tokenizer.vocabulary.tokens[value] ?? 'none') : value;
  return Object.fromEntries(values.map(([name, value]) => [name, nameOf(name, value)]));
}

const BAR = '| @0 Program_-1 k h @12 s h @24 k h @36 s h';

describe('inputs of bars', () => {
  it('say nothing of bars that there are not', () => {
    expect(told('')).toEqual({
      position: 0,
      phrase: 0,
      key: 24,
      bar1: 'none',
      bar2: 'none',
      bar4: 'none',
      bar8: 'none',
    });
    expect(told(BAR)).toMatchObject({ position: 36, phrase: 1, bar1: 'none' });
    expect(told(`${BAR} |`)).toMatchObject({ position: 0, phrase: 2, bar1: 'Position_0', bar2: 'none' });
  });

  it('tell the key of the pitched notes', () => {
    const bass = (pitch: number) => `@0 Program_33 Pitch_${pitch} Velocity_8 Duration_2`;
    expect(told(BAR)['key']).toBe(24);
    expect(told(`| ${bass(40)} ${bass(43)} ${bass(40)}`)['key']).toBe(2 * 4 + 1);
    expect(told(`| ${bass(43)} ${bass(43)}`)['key']).toBe(2 * 7);
  });

  it('read a bar that is said again to its end, token by token', () => {
    const [, ...bar] = spelled(BAR);
    const history = feed.open();
    for (const token of [...bar, ...bar, ...bar]) history.push(idOf(token));
    history.push(idOf('Bar'));
    for (const token of [...bar.slice(1), 'Bar']) {
      for (const name of ['bar1', 'bar2']) expect(known[name].read(history)).toBe(idOf(token));
      history.push(idOf(token));
    }
  });

  it('tell the end of a bar, and of the bar 2, 4 and 8 before by itself', () => {
    const bars = Array.from({ length: 8 }, (_, i) => `| @${6 * i} Program_-1 k`).join(' ');
    const next = { bar1: 'Position_42', bar2: 'Position_36', bar4: 'Position_24', bar8: 'Position_0' };
    expect(told(`${bars} |`)).toMatchObject(next);
    expect(told(`${bars} | @30`)).toMatchObject({ ...next, bar2: 'Position_36', bar4: 'Bar', bar8: 'Bar' });
  });

  it('keep their place where a stroke is left out, added or stands elsewhere', () => {
    expect(told(`${BAR} | @0 Program_-1 h`)).toMatchObject({ bar1: 'Position_12' });
    expect(told(`${BAR} | @0 Program_-1 k @6`)).toMatchObject({ bar1: 'Position_12' });
    expect(told(`${BAR} | @0 Program_-1 k @6 h @12`)).toMatchObject({ bar1: 'PitchDrum_38' });
    expect(told(`${BAR} | @0 Program_-1 k s`)).toMatchObject({ bar1: 'PitchDrum_42' });
    expect(told(`${BAR} | @0 Program_-1 PitchDrum_36 Velocity_9`)).toMatchObject({ bar1: 'Duration_1' });
    expect(told(`${BAR} | @24`)).toMatchObject({ bar1: 'PitchDrum_36' });
  });

  it('keep instruments apart', () => {
    const both = '| @0 Program_-1 k b @12 Program_-1 s b';
    expect(told(`${both} | @0 Program_33`)).toMatchObject({ bar1: 'Pitch_40' });
    expect(told(`${both} | @0 Program_33 Pitch_43 Velocity_8`)).toMatchObject({ bar1: 'Pitch_40' });
    expect(told(`${both} | @0 Program_-1 k @12`)).toMatchObject({ bar1: 'Program_-1' });
  });

  it('stay below their sizes whatever comes, and a copy goes its own way', () => {
    const ids = fc.array(fc.nat({ max: names.length - 1 }), { maxLength: 80 });
    fc.assert(
      fc.property(ids, ids, (before, after) => {
        const history = feed.open();
        for (const id of before) history.push(id);
        const read = (): number[] => feed.inputs.map((input) => input.read(history));
        const then = read();
        const copy = history.clone();
        for (const id of after) copy.push(id);
        expect(read()).toEqual(then);
        for (const id of after) history.push(id);
        expect(read()).toEqual(feed.inputs.map((input) => input.read(copy)));
        for (const [i, { size }] of feed.inputs.entries()) expect(read()[i]).toBeLessThan(size);
      }),
    );
  });

  it('are those of remi with plain tokens alone', () => {
    const piece = new Tokenizer(scheme, Vocabulary.build(scheme.encode(band(1)), { specials: true }));
    expect(Object.keys(historyInputs(piece)!)).toEqual(Object.keys(known));
    const merged = new Tokenizer(scheme, piece.vocabulary, [], [[idOf('Bar'), idOf('Bar')]]);
    expect(historyInputs(merged)).toBeUndefined();
  });
});
