import type { History } from './history.js';
import { Tonality } from './tonality.js';

/** What a token of `remi` is to the bar that it stands in. */
export const BarKind = { Bar: 0, Position: 1, Program: 2, Note: 3, Detail: 4, Other: 5 } as const;
export type BarKind = (typeof BarKind)[keyof typeof BarKind];

/** Tokens by id. */
export interface BarIds {
  /** Ids in all; this one more says that there is no token. */
  readonly vocabulary: number;
  readonly bar: number;
  /** `BarKind` of each id. */
  readonly kinds: Uint8Array;
  /** Of pitched notes the MIDI key, else −1. */
  readonly pitches: Int16Array;
  /** Of positions the place in the bar; of details (velocity, duration, tempo, meter) what they are a detail of. */
  readonly values: Int32Array;
}

/** Bars further back are forgotten. */
const REACH = 8;

/**
 * The bars of a piece of `remi`, and in each of those before the place that answers to the present one: behind the same
 * position, instrument and note, as far as that bar has them.
 */
export class BarHistory implements History {
  /** Finished bars, the last one last. */
  #bars: (readonly number[])[] = [];
  /** By how far back a bar lies: where in it the reading stands. */
  #places = new Int32Array(REACH);
  #current: number[] | undefined;
  /** Bars begun so far. */
  count = 0;
  /** Place in the bar of what comes next, as far as it is known: that of the last position. */
  position = 0;

  #tonality = new Tonality();

  constructor(private readonly ids: BarIds) {}

  /** The key that the last pitched notes are in, as `Tonality` tells it. */
  get key(): number {
    return this.#tonality.key;
  }

  push(id: number): void {
    const kind = this.ids.kinds[id] as BarKind;
    if (kind === BarKind.Bar) this.#begin();
    else if (kind !== BarKind.Other && this.#current !== undefined) {
      this.#current.push(id);
      if (this.ids.pitches[id] >= 0) this.#tonality.push(this.ids.pitches[id]);
      if (kind === BarKind.Position) this.position = this.ids.values[id];
      for (let back = 0; back < this.#bars.length; back += 1) {
        const bar = this.#bars[this.#bars.length - 1 - back];
        this.#places[back] = this.#follow(bar, this.#places[back], id, kind);
      }
    }
  }

  /** The token that the bar `back` bars ago has next: `Bar` at its end, the size of the vocabulary where there is no such bar. */
  next(back: number): number {
    const bar = this.#current === undefined ? undefined : this.#bars.at(-back);
    if (bar === undefined) return this.ids.vocabulary;
    const place = this.#places[back - 1];
    return place < bar.length ? bar[place] : this.ids.bar;
  }

  clone(): BarHistory {
    const copy = new BarHistory(this.ids);
    copy.#bars = [...this.#bars];
    copy.#places = this.#places.slice();
    copy.#current = this.#current && [...this.#current];
    copy.count = this.count;
    copy.position = this.position;
    copy.#tonality = this.#tonality.clone();
    return copy;
  }

  #begin(): void {
    if (this.#current !== undefined) this.#bars.push(this.#current);
    if (this.#bars.length > REACH) this.#bars.shift();
    this.#current = [];
    this.#places.fill(0);
    this.position = 0;
    this.count += 1;
  }

  /** Where the reading of a bar stands after a token of the present one. */
  #follow(bar: readonly number[], place: number, id: number, kind: BarKind): number {
    const { kinds, values } = this.ids;
    if (kind === BarKind.Position) {
      let at = place;
      while (at < bar.length && !(kinds[bar[at]] === kind && values[bar[at]] >= values[id])) at += 1;
      return at < bar.length && bar[at] === id ? at + 1 : at;
    }
    if (kind === BarKind.Detail) {
      const isLike = place < bar.length && kinds[bar[place]] === kind && values[bar[place]] === values[id];
      return isLike ? place + 1 : place;
    }
    for (let at = place; at < bar.length; at += 1) {
      if (bar[at] === id) return at + 1;
      if (kinds[bar[at]] < kind) break; // the next position, and for a note the next instrument
    }
    return place;
  }
}
