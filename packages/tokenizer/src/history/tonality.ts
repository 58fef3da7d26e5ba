import { keyOfHistogram } from '../analysis/key.js';

/** Values that a key is told as: each tonic in major and in minor, and none. */
export const TONALITIES = 25;
/** A note counts one part in so many less with each that follows it: a key is heard over some bars. */
const MEMORY = 48;

/** The key that the last notes of a piece are in. */
export class Tonality {
  #classes = new Array<number>(12).fill(0);
  /** Twice the tonic, and one more in minor; 24 where no key fits better than another. */
  key = TONALITIES - 1;

  push(pitch: number): void {
    this.#classes = this.#classes.map((weight) => weight * (1 - 1 / MEMORY));
    this.#classes[pitch % 12] += 1;
    const found = keyOfHistogram(this.#classes);
    this.key = found === undefined ? TONALITIES - 1 : 2 * found.tonic + Number(found.mode === 'minor');
  }

  clone(): Tonality {
    const copy = new Tonality();
    copy.#classes = [...this.#classes];
    copy.key = this.key;
    return copy;
  }
}
