import type { Tokenizer } from '@rondo/tokenizer';
import type { PathState } from './path.js';
import type { StepRuler } from './ruler.js';
import { LOWER_VOICES, type SatbLaw } from './satb.js';

interface GridToken {
  readonly kind: 'pitch' | 'hold' | 'frame' | 'eos' | 'other';
  readonly pitch: number;
}

/** A melody by frames. */
export interface GridMelody {
  readonly satb: SatbLaw;
  /** Pitch at a frame, undefined where the melody rests. */
  pitchAt(frame: number): { readonly pitch: number; readonly held: boolean } | undefined;
}

export interface GridPlan {
  readonly tokens: readonly GridToken[];
  readonly frame: number;
  readonly eos: number;
  readonly ruler: StepRuler;
  readonly melody?: GridMelody;
  /** Ids of pitches, and of pitches that are held. */
  readonly pitches: Int32Array;
  readonly holds: Int32Array;
  /** Quarters of a frame. */
  readonly quarters: number;
}

/** Takes a vocabulary of the grid scheme apart. */
export function gridPlan(
  tokenizer: Tokenizer,
  ruler: StepRuler,
  quarters: number,
  melody: ((pitches: Int32Array) => GridMelody) | undefined,
): GridPlan {
  const pitches = new Int32Array(128).fill(-1);
  const holds = new Int32Array(128).fill(-1);
  const tokens = tokenizer.vocabulary.tokens.map((name, id): GridToken => {
    const [word, pitch] = name.split('_');
    if (word === 'Frame') return { kind: 'frame', pitch: -1 };
    if (word === 'EOS') return { kind: 'eos', pitch: -1 };
    if (word !== 'Pitch' && word !== 'Hold') return { kind: 'other', pitch: -1 };
    (word === 'Pitch' ? pitches : holds)[Number(pitch)] = id;
    return { kind: word === 'Pitch' ? 'pitch' : 'hold', pitch: Number(pitch) };
  });
  const frame = tokenizer.vocabulary.id('Frame') ?? -1;
  return { tokens, frame, eos: tokenizer.eos ?? -1, ruler, melody: melody?.(pitches), pitches, holds, quarters };
}

/** The state after some frames: pitches fall inside each. */
export class GridState implements PathState {
  complete = false;
  #frame = 0;
  #present = 0; // pitches of this frame so far
  #lowest = 128;
  #sung = 0; // lower voices of this frame so far
  #count = 0; // notes of this bar so far

  constructor(private readonly plan: GridPlan) {}

  permits(id: number): boolean {
    const { kind, pitch } = this.plan.tokens[id];
    const { ruler } = this.plan;
    switch (kind) {
      case 'other':
        return this.#frame === 0 && this.#present === 0;
      case 'eos':
        return ruler.limit === Infinity || this.#frame === ruler.limit;
      case 'frame':
        return this.#mayClose();
      default:
        return this.#frame < ruler.limit && this.#mayPlay(kind, pitch);
    }
  }

  push(id: number): void {
    const { kind, pitch } = this.plan.tokens[id];
    if (kind === 'eos') this.complete = true;
    else if (kind === 'frame') this.#close();
    else if (kind !== 'other') {
      if (this.#voice() >= 0 && !this.#isMelody(pitch)) this.#sung++;
      if (kind === 'pitch') this.#count++;
      this.#present++;
      this.#lowest = pitch;
    }
  }

  *exits(): Iterable<number> {
    const { eos, frame, pitches, holds } = this.plan;
    if (this.#present === 0) yield eos;
    if (this.#count >= this.plan.ruler.density(this.#frame)[0]) yield frame;
    const [top] = [this.plan.melody?.pitchAt(this.#frame)];
    if (top !== undefined && this.#present === 0) yield* top.held ? [holds[top.pitch], pitches[top.pitch]] : [pitches[top.pitch]]; // prettier-ignore
    for (let pitch = this.#lowest - 1; pitch >= 0; pitch--) yield pitches[pitch];
    yield frame;
  }

  quietKey(): string | undefined {
    return this.#present === 0 ? `${this.#frame} ${this.#count}` : undefined;
  }

  clone(): GridState {
    const copy = new GridState(this.plan);
    copy.complete = this.complete;
    [copy.#frame, copy.#present, copy.#lowest] = [this.#frame, this.#present, this.#lowest];
    [copy.#sung, copy.#count] = [this.#sung, this.#count];
    return copy;
  }

  get time(): number {
    return this.#frame;
  }

  get place(): number {
    return this.plan.ruler.place(this.#frame);
  }

  startTick(ticksPerQuarter: number): number {
    return this.plan.ruler.startTick(this.plan.quarters * ticksPerQuarter);
  }

  endTick(ticksPerQuarter: number): number | undefined {
    return this.plan.ruler.endTick(this.plan.quarters * ticksPerQuarter);
  }

  #close(): void {
    this.#frame++;
    [this.#present, this.#lowest, this.#sung] = [0, 128, 0];
    const { ruler } = this.plan;
    if (ruler.bar(this.#frame) !== ruler.bar(this.#frame - 1)) this.#count = 0;
  }

  #mayClose(): boolean {
    const { ruler, melody } = this.plan;
    const { limit } = ruler;
    if (this.#frame >= limit) return false;
    if (melody !== undefined) return this.#present === this.#needed(melody);
    if (this.#frame === limit - 1 && this.#present === 0) return false; // the piece does not end in silence
    const last = ruler.barEnd(this.#frame) === this.#frame + 1;
    return !last || this.#count >= ruler.density(this.#frame)[0];
  }

  /** Pitches of a frame in four parts. */
  #needed({ satb, pitchAt }: GridMelody): number {
    return (pitchAt(this.#frame) === undefined ? 0 : 1) + (satb.at(this.#frame) === undefined ? 0 : LOWER_VOICES);
  }

  #isMelody(pitch: number): boolean {
    return this.#present === 0 && this.plan.melody?.pitchAt(this.#frame)?.pitch === pitch;
  }

  /** The lower voice that sings next, from alto down to bass; -1 where none does. */
  #voice(): number {
    const { melody } = this.plan;
    if (melody?.satb.at(this.#frame) === undefined) return -1;
    return LOWER_VOICES - 1 - this.#sung;
  }

  #mayPlay(kind: 'pitch' | 'hold', pitch: number): boolean {
    const { ruler, melody } = this.plan;
    if (melody === undefined) {
      const within = this.#present < (ruler.wishes.polyphony ?? Infinity);
      const most = kind === 'hold' ? Infinity : ruler.density(this.#frame)[1];
      return within && this.#count < most && ruler.pitches(this.#frame)[pitch] === 1;
    }
    const top = melody.pitchAt(this.#frame);
    if (top !== undefined && this.#present === 0) return pitch === top.pitch && (kind === 'pitch') === !top.held;
    const voice = this.#voice();
    if (voice < 0 || ruler.pitches(this.#frame)[pitch] === 0) return false;
    return melody.satb.allows(this.#frame, voice, pitch);
  }
}
