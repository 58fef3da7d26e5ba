import { expect, it } from 'vitest';
import { aloneWish, DRUMS, ensembleOf, parseInstruments } from './instruments.js';

const playersOf = (text: string, known: number[]) =>
  ensembleOf(parseInstruments(text), known)
    .flat()
    .sort((a, b) => a - b);

it('one bass plays a bass line, and many strings play together', () => {
  expect(playersOf('bass, drums', [0, 33, 34, 38, DRUMS])).toEqual([33, DRUMS]);
  expect(playersOf('strings', [33, 40, 42, 45])).toEqual([40, 42, 45]);
});

it('several of a family play where they are named', () => {
  expect(playersOf('33, 38', [32, 33, 34, 38])).toEqual([33, 38]);
  expect(playersOf('acoustic bass, organ, guitar', [17, 18, 27, 32])).toEqual([17, 27, 32]);
});

it('nobody plays what nobody knows', () => {
  expect(playersOf('piano', [33])).toEqual([]);
});

it('who need not play has a question mark', () => {
  const [violin, drums] = parseInstruments('violin, drums?');
  expect(violin).toEqual({ name: 'violin', groups: [40], plays: true });
  expect(drums).toEqual({ name: 'drums', groups: [DRUMS], plays: false });
});

it('who is named twice, as one of a family and alone, is both', () => {
  expect(playersOf('bass, slap bass 2', [33, 37])).toEqual([33, 37]);
});

it('a part plays alone where all that is asked for is of it, and the model knows it so', () => {
  const groupsOf = (text: string) => parseInstruments(text).flatMap(({ groups }) => groups);
  const wishOf = (text: string, known = ['bass', 'drums']) => aloneWish(groupsOf(text), known);
  expect([wishOf('drums'), wishOf('bass'), wishOf('33')]).toEqual([
    { alone: 'drums' },
    { alone: 'bass' },
    { alone: 'bass' },
  ]);
  for (const text of ['bass, drums', 'bass, drums?', 'piano', '33, 40']) expect(wishOf(text)).toEqual({});
  expect(wishOf('drums', [])).toEqual({});
});
