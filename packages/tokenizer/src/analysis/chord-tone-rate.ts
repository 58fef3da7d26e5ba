import { chordOf, chordTones } from '../score-tools/chords.js';
import type { Score } from '../score/score.js';
import { pitchedNotes } from './sounding.js';

const WINDOW_QUARTERS = 2;

/**
 * Share of sounding time that is spent on tones of the chord of the moment (every two quarters, where one is recognised),
 * 0..1; null where there is no chord at all. The chord is heard from the same notes, so that even chance scores well
 * above half: compare, do not praise.
 */
export function chordToneRate(score: Score): number | null {
  let [inside, whole] = [0, 0];
  let last: { text: string; rate: number | undefined } = { text: '', rate: undefined };
  for (const { weights, lowest } of windowsOf(score)) {
    const text = `${weights.join()} ${lowest}`;
    if (text !== last.text) last = { text, rate: rateOf(weights, lowest) };
    if (last.rate === undefined) continue;
    const time = weights.reduce((sum, weight) => sum + weight, 0);
    inside += time * last.rate;
    whole += time;
  }
  return whole === 0 ? null : inside / whole;
}

function rateOf(weights: readonly number[], lowest: number): number | undefined {
  const chord = chordOf(weights, lowest % 12);
  if (chord === undefined) return undefined;
  const tones = chordTones(chord.quality).reduce((sum, tone) => sum + weights[(chord.root + tone) % 12], 0);
  return tones / weights.reduce((sum, weight) => sum + weight, 0);
}

interface Window {
  /** Time by pitch class, in ticks. */
  readonly weights: number[];
  lowest: number;
}

/** The windows in which anything sounds, in order. */
function windowsOf(score: Score): Iterable<Window> {
  const ticks = WINDOW_QUARTERS * score.ticksPerQuarter;
  const windows = new Map<number, Window>();
  for (const { tick, duration, pitch } of pitchedNotes(score)) {
    const end = tick + duration;
    for (let index = Math.floor(tick / ticks); index * ticks < end; index += 1) {
      let window = windows.get(index);
      if (window === undefined) windows.set(index, (window = { weights: new Array<number>(12).fill(0), lowest: 128 }));
      window.weights[pitch % 12] += Math.min(end, (index + 1) * ticks) - Math.max(tick, index * ticks);
      window.lowest = Math.min(window.lowest, pitch);
    }
  }
  return windows.values();
}
