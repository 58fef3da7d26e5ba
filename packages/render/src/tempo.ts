import type { Score } from '@rondo/tokenizer';

const defaultTempo = 500_000;

/** Seconds of ticks under a score's tempo changes. Built once, then O(log n) a question. */
export class TempoClock {
  readonly #ticks: number[] = [0];
  readonly #seconds: number[] = [0];
  readonly #rates: number[];

  constructor(score: Score) {
    const perTick = (microseconds: number) => microseconds / 1e6 / score.ticksPerQuarter;
    this.#rates = [perTick(defaultTempo)];
    for (const { tick, microsecondsPerQuarter } of score.tempos) {
      const last = this.#ticks.length - 1;
      if (tick <= this.#ticks[last]) {
        this.#rates[last] = perTick(microsecondsPerQuarter);
        continue;
      }
      this.#seconds.push(this.seconds(tick));
      this.#ticks.push(tick);
      this.#rates.push(perTick(microsecondsPerQuarter));
    }
  }

  seconds(tick: number): number {
    let low = 0;
    let high = this.#ticks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#ticks[middle] <= tick) low = middle;
      else high = middle - 1;
    }
    return this.#seconds[low] + (tick - this.#ticks[low]) * this.#rates[low];
  }
}
