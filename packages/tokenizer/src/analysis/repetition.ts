import type { Score } from '../score/score.js';
import { exactNames, onsetEvents, type OnsetEvent } from './onset-events.js';

/** A phrase of at most so many onsets, heard so many times in a row, of so many onsets in all. */
const [LONGEST_PERIOD, LEAST_ROUNDS, LEAST_EVENTS] = [64, 4, 16];

/** A stretch of onsets that goes round and round. */
export interface NoteLoop {
  /** Number of its first onset. */
  readonly start: number;
  /** Onsets, the first round included. */
  readonly length: number;
  /** Onsets of a round. */
  readonly period: number;
}

/** How much of a piece repeats itself. */
export interface Repetition {
  /** Share of the onsets that lie in a loop, 0..1; null for a piece without pitched notes. */
  readonly loopShare: number | null;
  /** The loop that goes on for most onsets. */
  readonly longestLoop: NoteLoop | null;
  /** Share of the bars of four quarters (those with onsets) that an earlier one was equal to, 0..1; null for one bar. */
  readonly repeatedBars: number | null;
}

/**
 * How much of a piece is repetition: phrases that come again at once, four times or more (one note for ever is the phrase
 * of one), and bars that come again anywhere. Refrains and ostinatos do so too: compare with real pieces.
 */
export function repetition(score: Score): Repetition {
  const events = onsetEvents(score);
  const loops = findNoteLoops(events);
  const inLoop = new Uint8Array(events.length);
  for (const { start, length } of loops) inLoop.fill(1, start, start + length);
  const longest = loops.reduce<NoteLoop | null>(
    (best, loop) => (loop.length > (best?.length ?? 0) ? loop : best),
    null,
  );
  return {
    loopShare: events.length === 0 ? null : inLoop.reduce((sum, one) => sum + one, 0) / events.length,
    longestLoop: longest,
    repeatedBars: repeatedBars(events),
  };
}

/** All loops, each with its shortest period, by period and place. */
function findNoteLoops(events: readonly OnsetEvent[]): NoteLoop[] {
  const names = exactNames(events);
  const loops: NoteLoop[] = [];
  const covered = new Uint8Array(events.length);
  for (let period = 1; period <= Math.min(LONGEST_PERIOD, events.length / 2); period += 1) {
    let run = 0;
    for (let i = period; i <= events.length; i += 1) {
      if (i < events.length && names[i] === names[i - period]) {
        run += 1;
        continue;
      }
      const loop = run > 0 ? loopBefore(events, i, run, period) : undefined;
      if (loop !== undefined && !covered.subarray(loop.start, i).every(Boolean)) {
        loops.push(loop);
        covered.fill(1, loop.start, i);
      }
      run = 0;
    }
  }
  return loops;
}

/** The stretch that ends before onset `end`, of whose last `run` onsets each equals the one a round before it. */
function loopBefore(events: readonly OnsetEvent[], end: number, run: number, period: number): NoteLoop | undefined {
  let start = end - run - period;
  // The wait before the first round is not that before the others, but its first onset is one of the loop.
  const isFirst = start > 0 && events[start - 1].pitches.join() === events[start - 1 + period].pitches.join();
  if (isFirst) start -= 1;
  const length = end - start;
  return length < Math.max(LEAST_ROUNDS * period, LEAST_EVENTS) ? undefined : { start, length, period };
}

function repeatedBars(events: readonly OnsetEvent[]): number | null {
  const bars = new Map<number, string>();
  for (const { time, pitches } of events) {
    const bar = Math.floor(time / 48);
    bars.set(bar, `${bars.get(bar) ?? ''} ${time % 48}:${pitches.join()}`);
  }
  if (bars.size < 2) return null;
  return 1 - new Set(bars.values()).size / bars.size;
}
