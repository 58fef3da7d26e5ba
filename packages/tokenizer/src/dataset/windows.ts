/** Where a window lies. */
export interface WindowPlace {
  readonly piece: number;
  /** Position of its first id in the split. */
  readonly position: number;
}

/**
 * Windows over the pieces of a split, as a view: nothing is copied, and memory is one number per piece.
 * A piece of n ids has max(0, floor((n − length) / stride) + 1) windows.
 */
export class Windows implements Iterable<WindowPlace> {
  /** Number of windows. */
  readonly count: number;
  private readonly offsets: Float64Array;
  /** Windows before each piece. */
  private readonly before: Float64Array;

  constructor(
    pieces: readonly { readonly offset: number; readonly length: number }[],
    readonly length: number,
    readonly stride = 1,
  ) {
    if (!Number.isInteger(length) || !Number.isInteger(stride) || length < 1 || stride < 1) {
      throw new RangeError(`length and stride of windows must be integers from 1 on, got ${length} and ${stride}`);
    }
    this.offsets = Float64Array.from(pieces, ({ offset }) => offset);
    this.before = new Float64Array(pieces.length + 1);
    for (const [i, piece] of pieces.entries()) {
      const windows = piece.length < length ? 0 : Math.floor((piece.length - length) / stride) + 1;
      this.before[i + 1] = this.before[i] + windows;
    }
    this.count = this.before[pieces.length];
  }

  /** The place of window `index`, 0 … count-1, by binary search. */
  at(index: number): WindowPlace {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new RangeError(`expected a window from 0 to ${this.count - 1}, got ${index}`);
    }
    let low = 0;
    let high = this.offsets.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.before[middle + 1] > index) high = middle;
      else low = middle + 1;
    }
    return { piece: low, position: this.offsets[low] + (index - this.before[low]) * this.stride };
  }

  *[Symbol.iterator](): Iterator<WindowPlace> {
    for (let index = 0; index < this.count; index += 1) yield this.at(index);
  }
}
