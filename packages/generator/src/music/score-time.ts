import { type Score, TempoMap } from '@rondo/tokenizer';

const DEFAULT_METER = { numerator: 4, denominator: 4 }; // where a score says nothing

/** Seconds from the start of the score to `tick`. */
export function secondsAt(score: Score, tick: number): number {
  return TempoMap.of(score).seconds(tick);
}

/** The first tick that lies at least `seconds` from the start. */
export function tickAt(score: Score, seconds: number): number {
  const tick = TempoMap.of(score).tick(seconds);
  return Math.max(0, Math.ceil(tick - 1e-6)); // not one tick later for the sake of rounding
}

/** The tick at which bar `index` (from 0) begins. A meter that changes inside a bar opens a new one. */
export function barTick(score: Score, index: number): number {
  let bar = 0;
  for (const { from, length, bars } of meterStretches(score)) {
    if (index < bar + bars) return from + (index - bar) * length;
    bar += bars;
  }
  return Infinity;
}

/** Number of the bar (from 0) that `tick` lies in. */
export function barOf(score: Score, tick: number): number {
  let bar = 0;
  for (const { from, length, bars } of meterStretches(score)) {
    if (tick < from + bars * length) return bar + Math.max(0, Math.floor((tick - from) / length));
    bar += bars;
  }
  return bar;
}

function meterStretches({ timeSignatures, ticksPerQuarter }: Score): { from: number; length: number; bars: number }[] {
  const first = timeSignatures[0]?.tick === 0 ? [] : [{ tick: 0, ...DEFAULT_METER }];
  const meters = [...first, ...timeSignatures];
  return meters.map(({ tick, numerator, denominator }, i) => {
    const length = (numerator * 4 * ticksPerQuarter) / denominator;
    const until = meters[i + 1]?.tick ?? Infinity;
    return { from: tick, length, bars: Math.ceil((until - tick) / length) };
  });
}

/** Tick of the last note's beginning; −1 where there is no note. */
export function lastOnset({ tracks }: Score): number {
  let last = -1;
  for (const { notes } of tracks) for (const { tick } of notes) last = Math.max(last, tick);
  return last;
}

export function countNotes({ tracks }: Score): number {
  return tracks.reduce((sum, { notes }) => sum + notes.length, 0);
}
