import type { Score, Tempo } from './score.js';

const DEFAULT_TEMPO = 500_000;

interface Segment {
  tick: number;
  seconds: number;
  secondsPerTick: number;
}

/** Ticks to seconds and back, through all tempo changes. Before the first one 120 quarters a minute hold. */
export class TempoMap {
  readonly #segments: Segment[];

  constructor(ticksPerQuarter: number, tempos: readonly Tempo[]) {
    const changes = [...tempos].sort((a, b) => a.tick - b.tick);
    if (changes.length === 0 || changes[0].tick > 0) {
      changes.unshift({ tick: 0, microsecondsPerQuarter: DEFAULT_TEMPO });
    }
    let seconds = 0;
    this.#segments = changes.map(({ tick, microsecondsPerQuarter }, i) => {
      const before = changes[i - 1];
      if (before) seconds += ((tick - before.tick) * before.microsecondsPerQuarter) / (1e6 * ticksPerQuarter);
      return { tick, seconds, secondsPerTick: microsecondsPerQuarter / (1e6 * ticksPerQuarter) };
    });
  }

  static of(score: Score): TempoMap {
    return new TempoMap(score.ticksPerQuarter, score.tempos);
  }

  /** Seconds from the start of the piece; `tick` may be fractional, and lie after the last tempo. */
  seconds(tick: number): number {
    const segment = this.#find((candidate) => candidate.tick <= tick);
    return segment.seconds + (tick - segment.tick) * segment.secondsPerTick;
  }

  /** The (fractional) tick at a time in seconds. */
  tick(seconds: number): number {
    const segment = this.#find((candidate) => candidate.seconds <= seconds);
    return segment.tick + (seconds - segment.seconds) / segment.secondsPerTick;
  }

  /** The last segment that `begun` holds for, by bisection; the first one if there is none. */
  #find(begun: (segment: Segment) => boolean): Segment {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (begun(this.#segments[middle])) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low];
  }
}
