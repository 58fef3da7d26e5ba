/** A stretch of tokens that repeats itself. */
export interface Loop {
  /** Tokens that are repeated. */
  period: number;
  /** Index of the first token of the stretch. */
  start: number;
  /** Tokens of the stretch, at least two periods. */
  length: number;
  /** length / period. */
  repeats: number;
}

export interface LoopOptions {
  /** Longest period looked for, in tokens. */
  maxPeriod?: number;
  /** A stretch counts as a loop from this many repeats on … */
  minRepeats?: number;
  /** … and this many tokens. */
  minLength?: number;
}

/** A phrase four times over is music; eight times and a page of it is a machine that is stuck. */
const DEFAULTS = { maxPeriod: 64, minRepeats: 8, minLength: 64 };

/**
 * The longest stretch of `ids` in which every token equals the one `period` before it; of equally long
 * ones that with the smallest period. Undefined if nothing stands twice in a row.
 * Takes O(tokens · maxPeriod).
 */
export function longestRepetition(ids: ArrayLike<number>, maxPeriod = DEFAULTS.maxPeriod): Loop | undefined {
  let best: Loop | undefined;
  for (let period = 1; period <= Math.min(maxPeriod, ids.length >> 1); period++) {
    let matches = 0;
    for (let i = period; i < ids.length; i++) {
      matches = ids[i] === ids[i - period] ? matches + 1 : 0;
      const length = matches + period;
      if (matches >= period && length > (best?.length ?? 0)) {
        best = { period, start: i + 1 - length, length, repeats: length / period };
      }
    }
  }
  return best;
}

/** The repetition if it is long enough to be called a loop, as `generate --json` reports it. */
export function findLoop(ids: ArrayLike<number>, options: LoopOptions = {}): Loop | undefined {
  const { maxPeriod, minRepeats, minLength } = { ...DEFAULTS, ...options };
  const repetition = longestRepetition(ids, maxPeriod);
  return repetition && repetition.repeats >= minRepeats && repetition.length >= minLength ? repetition : undefined;
}
