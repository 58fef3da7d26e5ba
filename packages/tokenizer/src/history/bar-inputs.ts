import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { BarHistory, BarKind, type BarIds } from './bar-history.js';
import type { HistoryInput, KnownHistory } from './history.js';
import { TONALITIES } from './tonality.js';

/** Places in the bar that are told apart: three bars of 4/4 at twelve places a quarter; later ones count as the last. */
const PLACES = 144;
/** Divides into phrases of 2, 4, 8 and 16 bars. */
const PHRASE = 16;
/** Bars after which rhythms and phrases come again. */
const BACK = [1, 2, 4, 8];
const DETAILS = ['Velocity', 'Duration', 'Tempo', 'TimeSig', 'Pedal'];

/** What tokens of bars say; undefined for schemes other than `remi`, and where tokens are merged. */
export function barInputs(tokenizer: Tokenizer): KnownHistory | undefined {
  const { scheme, merges, vocabulary } = tokenizer;
  const bar = vocabulary.id('Bar');
  if (scheme.name !== 'remi' || merges.length > 0 || bar === undefined) return undefined;
  const ids = barIds(vocabulary.tokens, bar);
  const inputs: HistoryInput<BarHistory>[] = [
    { name: 'position', size: PLACES, read: ({ position }) => Math.min(position, PLACES - 1) },
    { name: 'phrase', size: PHRASE, read: ({ count }) => count % PHRASE },
    { name: 'key', size: TONALITIES, read: ({ key }) => key },
    ...BACK.map((bars) => ({
      name: `bar${bars}`,
      size: ids.vocabulary + 1,
      read: (history: BarHistory) => history.next(bars),
    })),
  ];
  return { inputs, open: () => new BarHistory(ids) };
}

function barIds(tokens: readonly string[], bar: number): BarIds {
  const words = tokens.map((token) => token.split('_'));
  return {
    vocabulary: tokens.length,
    bar,
    pitches: Int16Array.from(words, ([word, value]) => (word === 'Pitch' ? Number(value) : -1)),
    kinds: Uint8Array.from(words, ([word]) => kindOf(word)),
    values: Int32Array.from(words, ([word, value]) => (word === 'Position' ? Number(value) : DETAILS.indexOf(word))),
  };
}

function kindOf(word: string): BarKind {
  if (word === 'Bar' || word === 'Position' || word === 'Program') return BarKind[word];
  if (word === 'Pitch' || word === 'PitchDrum') return BarKind.Note;
  return DETAILS.includes(word) ? BarKind.Detail : BarKind.Other;
}
