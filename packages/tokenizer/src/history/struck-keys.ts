import { FrameAlignment } from './frame-alignment.js';
import { Tonality } from './tonality.js';

/** The keys of a piece in the order in which they are struck, whatever the time between them. */
export class StruckKeys {
  #pitches: number[] = [];
  #alignment = new FrameAlignment();
  #tonality = new Tonality();

  push(pitch: number): void {
    this.#pitches.push(pitch);
    this.#alignment.push(pitch, pitch % 12);
    this.#tonality.push(pitch);
  }

  /** The pitch that followed the earlier passage most like the newest one; undefined where nothing is like. */
  get follower(): number | undefined {
    return this.#pitches[this.#alignment.follower];
  }

  /** How like that passage is, 0 … 256. */
  get likeness(): number {
    return this.#alignment.best;
  }

  /** The key that the last strikes are in, as `Tonality` tells it. */
  get key(): number {
    return this.#tonality.key;
  }

  clone(): StruckKeys {
    const copy = new StruckKeys();
    copy.#pitches = [...this.#pitches];
    copy.#alignment = this.#alignment.clone();
    copy.#tonality = this.#tonality.clone();
    return copy;
  }
}
