import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { HistoryInput, KnownHistory } from './history.js';
import { KeyHistory, type KeyEvent } from './key-history.js';
import { PerformanceHistory } from './performance-history.js';
import { TONALITIES } from './tonality.js';

/** More keys at once count as the last number. */
const KEYS = 32;
/** Steps of likeness of the passage that repeats. */
const TRUST = 9;
/** Pitches, and none. */
const PITCHES = 129;
const NO_PITCH = 128;
/** Half octaves of time from 50 ms on; the last is over nine seconds. */
const [STEPS, SHORTEST_MS] = [16, 50];
/** Names of the keys that have been down longest. */
const LONGEST = ['oldest', 'second', 'third'] as const;

/** 0 while it is up, then one more than the step of the time for which it has been down. */
const PEDAL: HistoryInput<PerformanceHistory> = {
  name: 'pedal',
  size: STEPS + 1,
  read: ({ keys: { pedalFor } }) => (pedalFor === undefined ? 0 : 1 + stepOf(pedalFor)),
};

/** The keys of a piece that has not begun; undefined for schemes other than `performance`. */
export function openKeys(tokenizer: Tokenizer): KeyHistory | undefined {
  if (tokenizer.scheme.name !== 'performance') return undefined;
  return new KeyHistory(
    Array.from({ length: tokenizer.vocabulary.size }, (_, id) => tokenizer.spell(id).flatMap(eventOf)),
  );
}

/** What tokens of keys say; undefined for schemes other than `performance`. */
export function keyInputs(tokenizer: Tokenizer): KnownHistory | undefined {
  const untouched = openKeys(tokenizer);
  if (untouched === undefined) return undefined;
  const inputs: HistoryInput<PerformanceHistory>[] = [
    { name: 'down', size: KEYS, read: ({ keys }) => Math.min(keys.down, KEYS - 1) },
    ...LONGEST.flatMap((name, place) => [
      { name, size: PITCHES, read: ({ keys }: PerformanceHistory) => keys.held(place)?.pitch ?? NO_PITCH },
      { name: `${name}For`, size: STEPS, read: ({ keys }: PerformanceHistory) => stepOf(keys.held(place)?.ms ?? 0) },
    ]),
    { name: 'repeat', size: PITCHES, read: ({ struck }) => struck.follower ?? NO_PITCH },
    { name: 'trust', size: TRUST, read: ({ struck }) => Math.min(struck.likeness >> 5, TRUST - 1) },
    { name: 'key', size: TONALITIES, read: ({ struck }) => struck.key },
  ];
  if (tokenizer.scheme.config['pedals'] === true) inputs.push(PEDAL);
  return { inputs, open: () => new PerformanceHistory(untouched.clone()) };
}

function eventOf(name: string): KeyEvent[] {
  const [word, value] = name.split('_');
  if (word === 'NoteOn') return [{ down: Number(value) }];
  if (word === 'NoteOff') return [{ up: Number(value) }];
  if (word === 'PedalOn' || word === 'PedalOff') return [{ pedal: word === 'PedalOn' ? 'down' : 'up' }];
  return word === 'TimeShift' ? [{ wait: Number(value) }] : [];
}

/** 0 below the shortest time, then one more for each half octave. */
function stepOf(ms: number): number {
  return ms < SHORTEST_MS ? 0 : Math.min(STEPS - 1, 1 + Math.floor(2 * Math.log2(ms / SHORTEST_MS)));
}
