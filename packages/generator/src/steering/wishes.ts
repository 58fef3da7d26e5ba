import type { Score } from '@rondo/tokenizer';
import { type Curve, valueAt } from '../curves.js';
import type { Instrument } from './instruments.js';
import type { ChordWish, ScaleWish } from './harmony.js';

/** What the new music has to obey, taken apart. Absent: free. */
export interface Wishes {
  readonly key?: ScaleWish;
  /** Chords of each bar; after the last bar the first comes again. */
  readonly chords?: readonly (readonly ChordWish[])[];
  readonly range?: readonly [low: number, high: number];
  /** Most pitched notes that sound at once. */
  readonly polyphony?: number;
  /** Notes of a bar, over the piece. */
  readonly density?: Curve;
  /** Instruments of the new notes. */
  readonly instruments?: readonly Instrument[];
  readonly meter?: { readonly numerator: number; readonly denominator: number };
  /** Quarters a minute. */
  readonly tempo?: number;
  /** Exact length of what is new. */
  readonly bars?: number;
  readonly seconds?: number;
  /** A melody that gets three voices below it. */
  readonly melody?: Score;
  /** Tracks that stay as they are while others are added. */
  readonly given?: Score;
}

/** Every pitch is free. */
const ALL = new Uint8Array(128).fill(1);
const DENSITY_TOLERANCE = 0.25;

/** The least and the most notes of a bar whose wish is `target`: a quarter off, and at least one. */
function densityBounds(target: number): [least: number, most: number] {
  const slack = Math.max(1, DENSITY_TOLERANCE * target);
  return [Math.max(0, Math.ceil(target - slack)), Math.max(1, Math.floor(target + slack))];
}

/** Which pitches may sound when, by bar and place in the bar. */
export class PitchLaw {
  readonly #sets = new Map<ChordWish | undefined, Uint8Array>();

  constructor(private readonly wishes: Pick<Wishes, 'key' | 'chords' | 'range'>) {}

  /** Whether the law changes from bar to bar. */
  get changes(): boolean {
    return this.wishes.chords !== undefined;
  }

  /** Pitches (1 = may sound) at `offset` of bar `bar` (from 0, the first new one) of `length`, in any unit. */
  at(bar: number, offset: number, length: number): Uint8Array {
    const chord = this.chordAt(bar, offset, length);
    let set = this.#sets.get(chord);
    if (set === undefined) this.#sets.set(chord, (set = this.#build(chord)));
    return set;
  }

  /** Where the stretch of the chord at `offset` ends, from the start of the bar. */
  stretchEnd(bar: number, offset: number, length: number): number {
    const count = this.#chordsOf(bar)?.length ?? 1;
    return Math.ceil(((Math.floor((offset * count) / length) + 1) * length) / count);
  }

  chordAt(bar: number, offset: number, length: number): ChordWish | undefined {
    const chords = this.#chordsOf(bar);
    return chords?.[Math.min(chords.length - 1, Math.floor((offset * chords.length) / length))];
  }

  #chordsOf(bar: number): readonly ChordWish[] | undefined {
    const { chords } = this.wishes;
    return chords === undefined || bar < 0 ? undefined : chords[bar % chords.length];
  }

  /** A chord goes before the key: E7 in A minor has its g sharp. */
  #build(chord: ChordWish | undefined): Uint8Array {
    const { key, range = [0, 127] } = this.wishes;
    const classes = chord?.classes ?? key?.classes;
    return ALL.map((_, pitch) =>
      pitch >= range[0] && pitch <= range[1] && (classes === undefined || classes[pitch % 12] === 1) ? 1 : 0,
    );
  }
}

/** Bounds of the notes of bar `bar` of `bars`; undefined where they are free. */
export function densityOf(wishes: Wishes, bar: number, bars: number): [least: number, most: number] | undefined {
  if (wishes.density === undefined || bar < 0) return undefined;
  return densityBounds(valueAt(wishes.density, bars <= 1 ? 0 : Math.min(1, bar / (bars - 1))));
}
