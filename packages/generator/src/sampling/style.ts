import type { Tokenizer } from '@rondo/tokenizer';

/** Weight of a pitch class that the prime does not have, as a share of all. */
const SMOOTHING = 0.02;

/** The pitches of each token of a vocabulary as they are decoded, none for tokens that sound nothing (or percussion). */
export function tokenPitches(tokenizer: Tokenizer): readonly (readonly number[])[] {
  return tokenizer.vocabulary.tokens.map((_, id) => tokenizer.spell(id).flatMap((name) => pitchesOf(name, tokenizer)));
}

function pitchesOf(name: string, { scheme }: Tokenizer): number[] {
  const named = /^(?:Pitch|Hold|NoteOn)_(\d+)$/.exec(name);
  if (named !== null) return [Number(named[1])];
  if (scheme.name !== 'chord' || /^(BOS|EOS|UNK|Dur_|Wait_)/.test(name) || name.includes('=')) return [];
  const timed = scheme.config.durations === true ? [name, 'Dur_1'] : [name];
  return scheme.decode(timed).tracks.flatMap(({ notes }) => notes.map(({ pitch }) => pitch));
}

/**
 * How a prime chooses its pitches: how often it has each one, and each interval from the note before it in token order.
 * The weight of a pitch is the product of both.
 */
export class PrimeStyle {
  readonly #pitches = new Float64Array(128).fill(SMOOTHING / 128);
  readonly #intervals = new Float64Array(255).fill(SMOOTHING / 255);
  #last = -1;

  /** @param ids the prime */
  constructor(
    private readonly pitchesOf: readonly (readonly number[])[],
    ids: ArrayLike<number>,
  ) {
    for (const id of Array.from(ids)) {
      for (const pitch of pitchesOf[id]) {
        this.#pitches[pitch]++;
        if (this.#last >= 0) this.#intervals[pitch - this.#last + 127]++;
        this.#last = pitch;
      }
    }
    scaleToOne(this.#pitches);
    scaleToOne(this.#intervals);
  }

  /** Hears a token that was chosen. */
  push(id: number): void {
    this.#last = this.pitchesOf[id].at(-1) ?? this.#last;
  }

  /**
   * Logits in which `strength` (0 … 1) of the probability of all pitches is shared out as the prime does it; what the
   * model gives to tokens that sound nothing stays.
   */
  mix(logits: Float32Array, strength: number): Float32Array {
    const top = logits.reduce((highest, value) => Math.max(highest, value), -Infinity);
    let mass = 0;
    let weights = 0;
    const weight = new Float64Array(logits.length);
    for (let id = 0; id < logits.length; id++) {
      if (logits[id] === -Infinity || this.pitchesOf[id].length === 0) continue;
      mass += Math.exp(logits[id] - top);
      weights += weight[id] = this.#weight(this.pitchesOf[id]);
    }
    if (mass === 0 || weights === 0) return logits;
    return logits.map((value, id) => {
      if (weight[id] === 0) return value;
      const mixed = (1 - strength) * Math.exp(value - top) + (strength * mass * weight[id]) / weights;
      return Math.log(mixed) + top;
    });
  }

  /** Of a chord the geometric mean. */
  #weight(pitches: readonly number[]): number {
    let sum = 0;
    for (const pitch of pitches) {
      const interval = this.#last < 0 ? 1 : this.#intervals[pitch - this.#last + 127];
      sum += Math.log(this.#pitches[pitch] * interval);
    }
    return Math.exp(sum / pitches.length);
  }
}

function scaleToOne(values: Float64Array): void {
  const sum = values.reduce((total, value) => total + value, 0);
  for (let i = 0; i < values.length; i++) values[i] /= sum;
}
