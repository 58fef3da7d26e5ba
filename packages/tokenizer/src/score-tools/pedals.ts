import type { Pedal } from '../score/score.js';

/** Pedals of several sources as those of one, sorted: spans that overlap become one, those that only touch stay two. */
export function joinPedals(pedals: readonly Pedal[]): Pedal[] {
  const spans: Pedal[] = [];
  for (const { tick, duration } of [...pedals].sort((a, b) => a.tick - b.tick)) {
    const before = spans.at(-1);
    if (before === undefined || before.tick + before.duration <= tick) spans.push({ tick, duration });
    else before.duration = Math.max(before.duration, tick + duration - before.tick);
  }
  return spans;
}

/**
 * Tick at which a note that is let go falls silent: at once, or where a pedal that is down then is lifted.
 *
 * @param pedals of the note's track: sorted, none overlaps another
 * @param tick at which the key goes up
 */
export function sustainedEnd(pedals: readonly Pedal[], tick: number): number {
  let [low, high] = [0, pedals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pedals[middle].tick <= tick) low = middle + 1;
    else high = middle;
  }
  const pedal = pedals[low - 1] as Pedal | undefined;
  return pedal === undefined ? tick : Math.max(tick, pedal.tick + pedal.duration);
}
