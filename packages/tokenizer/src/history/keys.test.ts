import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScheme } from '../schemes/registry.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { Vocabulary } from '../tokenizer/vocabulary.js';
import { historyFeed, historyInputs } from './history-inputs.js';

const pitches = Array.from({ length: 12 }, (_, i) => 60 + i);
const names = [
  ...['BOS', 'EOS', 'UNK', 'TimeShift_10', 'TimeShift_100', 'TimeShift_1000', 'Velocity_64'],
  ...pitches.flatMap((pitch) => [`NoteOn_${pitch}`, `NoteOff_${pitch}`]),
];
const tokenizer = new Tokenizer(createScheme({ name: 'performance' }), new Vocabulary(names));
const known = historyInputs(tokenizer)!;
const feed = historyFeed(
  tokenizer,
  Object.values(known).map(({ name, size }) => ({ name, vocabulary: size })),
)!;

/** What the inputs say after the last of the tokens. */
function told(tokens: string): Record<string, number> {
  const history = feed.open();
  for (const token of tokens.split(' ').filter(Boolean)) history.push(tokenizer.vocabulary.id(token)!);
  return Object.fromEntries(feed.inputs.map((input) => [input.name, input.read(history)]));
}

describe('inputs of the keys that are down', () => {
  it('say nothing before the first one', () => {
    const nothing = { down: 0, oldest: 128, oldestFor: 0, second: 128, secondFor: 0, third: 128, thirdFor: 0 };
    expect(told('')).toEqual({ ...nothing, repeat: 128, trust: 0, key: 24 });
    expect(told('BOS Velocity_64 NoteOn_60 TimeShift_1000 NoteOff_60')).toMatchObject(nothing);
  });

  it('tell how many there are, and the three that have been down longest with steps of half octaves from 50 ms', () => {
    const four = 'NoteOn_60 TimeShift_100 NoteOn_67 TimeShift_100 NoteOn_64 TimeShift_10 NoteOn_70';
    expect(told(four)).toMatchObject({
      ...{ down: 4, oldest: 60, oldestFor: 5, second: 67, secondFor: 3, third: 64, thirdFor: 0 },
    });
    expect(told(`${four} NoteOff_67`)).toMatchObject({ down: 3, oldest: 60, second: 64, third: 70, thirdFor: 0 });
    expect(told(`NoteOn_60 ${'TimeShift_1000 '.repeat(30)}`)).toMatchObject({ oldest: 60, oldestFor: 15 });
  });

  it('tell what followed when the last keys were struck before, and how like that passage is', () => {
    const tune = 'NoteOn_60 NoteOff_60 NoteOn_64 NoteOff_64 NoteOn_67 NoteOff_67 NoteOn_71 NoteOff_71';
    expect(told(tune)).toMatchObject({ repeat: 128, trust: 0 });
    expect(told(`${tune} TimeShift_1000 NoteOn_60`)).toMatchObject({ repeat: 64, trust: 1 });
    expect(told(`${tune} NoteOn_60 NoteOff_60 NoteOn_64`)).toMatchObject({ repeat: 67, trust: 1 });
    expect(told(`${tune} ${tune} ${tune} NoteOn_60`)).toMatchObject({ repeat: 64, trust: 5 });
  });

  it('tell the key of the last strikes', () => {
    const scale = (pitches: number[]) =>
      told(pitches.flatMap((pitch) => [`NoteOn_${pitch}`, `NoteOff_${pitch}`]).join(' '));
    expect(scale([60, 64, 67, 65, 69, 60, 67, 71, 62, 60, 64, 67])['key']).toBe(0);
    expect(scale([69, 60, 64, 69, 62, 65, 69, 68, 71, 64, 69, 60])['key']).toBe(2 * 9 + 1);
  });

  it('take a key that is struck again for the newest', () => {
    expect(told('NoteOn_60 NoteOn_62 TimeShift_1000 NoteOn_60')).toMatchObject({ down: 2, oldest: 62, second: 60 });
  });

  it('read merged tokens as what they stand for', () => {
    const { scheme, vocabulary } = tokenizer;
    const pair = ['NoteOn_60', 'TimeShift_100'].map((token) => vocabulary.id(token)!) as [number, number];
    const merged = new Tokenizer(scheme, vocabulary, [], [pair]);
    const sizes = Object.values(known).map(({ name, size }) => ({ name, vocabulary: size }));
    const { inputs, open } = historyFeed(merged, sizes)!;
    const history = open();
    history.push(vocabulary.size);
    const values = Object.fromEntries(inputs.map((input) => [input.name, input.read(history)]));
    expect(values).toEqual(told('NoteOn_60 TimeShift_100'));
    expect(values).toMatchObject({ down: 1, oldest: 60, oldestFor: 3 });
  });

  it('tell for how long the pedal has been down, where it has tokens', () => {
    const { vocabulary } = tokenizer;
    const pedalled = new Tokenizer(
      createScheme({ name: 'performance', pedals: true }),
      new Vocabulary([...vocabulary.tokens, 'PedalOn', 'PedalOff']),
    );
    const { size } = historyInputs(pedalled)!['pedal'];
    const { inputs, open } = historyFeed(pedalled, [{ name: 'pedal', vocabulary: size }])!;
    const toldOf = (tokens: string): number => {
      const history = open();
      for (const token of tokens.split(' ')) history.push(pedalled.vocabulary.id(token)!);
      return inputs[0].read(history);
    };
    expect(toldOf('BOS NoteOn_60 TimeShift_100')).toBe(0);
    expect(toldOf('PedalOn NoteOn_60')).toBe(1);
    expect(toldOf('PedalOn TimeShift_100 PedalOn')).toBe(4);
    expect(toldOf(`PedalOn ${'TimeShift_1000 '.repeat(30).trim()}`)).toBe(size - 1);
    expect(toldOf('PedalOn TimeShift_100 PedalOff')).toBe(0);
    expect(known).not.toHaveProperty('pedal');
  });

  it('are within their sizes, and a copy goes its own way', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 200 }), fc.nat(200), (tokens, cut) => {
        const ids = tokens.map((token) => tokenizer.vocabulary.id(token)!);
        const history = feed.open();
        ids.slice(0, cut).forEach((id) => history.push(id));
        const copy = history.clone();
        ids.slice(cut).forEach((id) => history.push(id));
        const whole = feed.open();
        ids.forEach((id) => whole.push(id));
        const before = feed.open();
        ids.slice(0, cut).forEach((id) => before.push(id));
        for (const input of feed.inputs) {
          expect(input.read(history)).toBe(input.read(whole));
          expect(input.read(copy)).toBe(input.read(before));
          expect(input.read(whole)).toBeGreaterThanOrEqual(0);
          expect(input.read(whole)).toBeLessThan(input.size);
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('are fed only where name and size are known', () => {
    expect(historyFeed(tokenizer, [{ name: 'down', vocabulary: 32 }])?.inputs.map(({ name }) => name)).toEqual([
      'down',
    ]);
    expect(historyFeed(tokenizer, [{ name: 'down', vocabulary: 31 }])).toBeUndefined();
    expect(historyFeed(tokenizer, [{ name: 'place', vocabulary: 16 }])).toBeUndefined();
  });
});
