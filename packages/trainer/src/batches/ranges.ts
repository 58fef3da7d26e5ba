/** Lengths laid end to end: tells in which of them a position of the whole lies. */
export class Ranges {
  /** starts[i] = where length i begins; one more entry for the end. Doubles, so that 2³² is no limit. */
  readonly #starts: Float64Array;

  constructor(count: number, length: (index: number) => number) {
    this.#starts = new Float64Array(count + 1);
    for (let i = 0; i < count; i++) this.#starts[i + 1] = this.start(i) + length(i);
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  /** Sum of all lengths. */
  get total(): number {
    return this.start(this.count);
  }

  start(index: number): number {
    return this.#starts[index] as number;
  }

  length(index: number): number {
    return this.start(index + 1) - this.start(index);
  }

  /** The range that holds `position` (0 ≤ position < total); empty ranges hold nothing. */
  find(position: number): number {
    let low = 0;
    let high = this.count;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.start(middle) <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}
