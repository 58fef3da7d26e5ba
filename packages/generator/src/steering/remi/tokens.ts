import type { RemiConfig, Tokenizer } from '@rondo/tokenizer';
import { DRUMS } from '../instruments.js';

export type RemiKind =
  | 'bar' | 'meter' | 'position' | 'tempo' | 'program' | 'pitch' | 'velocity' | 'duration' | 'pedal' | 'eos' | 'other'; // prettier-ignore

/** A token taken apart: what its name says; `group` is that of a note where the scheme tells no programs apart. */
export interface RemiToken {
  readonly kind: RemiKind;
  readonly value: number;
  readonly denominator: number;
}

/** The remi tokens of one vocabulary by id, and the ids by what they say. */
export class RemiVocabulary {
  readonly tokens: readonly RemiToken[];
  readonly bar: number;
  readonly eos: number;
  readonly config: RemiConfig;
  readonly #pitches: Int32Array[] = [new Int32Array(128).fill(-1), new Int32Array(128).fill(-1)];
  readonly #programs = new Int32Array(129).fill(-1);
  readonly #positions = new Map<number, number>();
  readonly #durations = new Map<number, number>();
  /** Ids of each kind, by rising value. */
  readonly meters: readonly number[];
  readonly tempos: readonly number[];
  readonly velocities: readonly number[];
  /** Lengths in positions, rising. */
  readonly lengths: readonly number[];
  /** Positions in a bar, rising. */
  readonly positions: readonly number[];
  /** Groups that the vocabulary can play, rising. */
  readonly groups: readonly number[];

  constructor(tokenizer: Tokenizer) {
    this.config = tokenizer.scheme.config as unknown as RemiConfig;
    const { positionsPerQuarter } = this.config;
    this.tokens = tokenizer.vocabulary.tokens.map((name) => parseRemi(name, positionsPerQuarter));
    this.bar = tokenizer.vocabulary.id('Bar') ?? -1;
    this.eos = tokenizer.eos ?? -1;
    tokenizer.vocabulary.tokens.forEach((name, id) => this.#index(name, id));
    this.meters = this.#idsOf('meter');
    this.tempos = this.#idsOf('tempo');
    this.velocities = this.#idsOf('velocity');
    this.lengths = [...this.#durations.keys()].sort((a, b) => a - b);
    this.positions = [...this.#positions.keys()].sort((a, b) => a - b);
    this.groups = this.#groups();
  }

  /** Id of a pitch in a group, -1 where it was never seen. */
  pitch(group: number, pitch: number): number {
    return this.#pitches[group === DRUMS ? 1 : 0][pitch];
  }

  program(group: number): number {
    return this.#programs[group];
  }

  position(offset: number): number {
    return this.#positions.get(offset) ?? -1;
  }

  duration(positions: number): number {
    return this.#durations.get(positions) ?? -1;
  }

  /** The velocity token that is nearest to `velocity`; -1 where the scheme has none. */
  nearestVelocity(velocity: number): number {
    return nearest(this.velocities, (id) => Math.abs(this.tokens[id].value - velocity));
  }

  nearestTempo(quartersAMinute: number): number {
    return nearest(this.tempos, (id) => Math.abs(Math.log(this.tokens[id].value / quartersAMinute)));
  }

  nearestLength(positions: number): number {
    return nearest(this.lengths, (length) => Math.abs(length - positions));
  }

  meterId(numerator: number, denominator: number): number {
    const is = (id: number) => this.tokens[id].value === numerator && this.tokens[id].denominator === denominator;
    return this.meters.find(is) ?? -1;
  }

  /** Positions of a bar. */
  barLength({ value, denominator }: Pick<RemiToken, 'value' | 'denominator'>): number {
    return (value * 4 * this.config.positionsPerQuarter) / denominator;
  }

  #index(name: string, id: number): void {
    const { kind, value } = this.tokens[id];
    if (kind === 'pitch') this.#pitches[name.startsWith('PitchDrum') ? 1 : 0][value] = id;
    else if (kind === 'program') this.#programs[value] = id;
    else if (kind === 'position') this.#positions.set(value, id);
    else if (kind === 'duration') this.#durations.set(value, id);
  }

  #idsOf(kind: RemiKind): number[] {
    const ids = this.tokens.flatMap((token, id) => (token.kind === kind ? [id] : []));
    return ids.sort((a, b) => this.tokens[a].value - this.tokens[b].value);
  }

  #groups(): number[] {
    const [tones, drums] = this.#pitches.map((ids) => ids.some((id) => id >= 0));
    if (!this.config.programs) return [...(tones ? [0] : []), ...(drums ? [DRUMS] : [])];
    const known = [...this.#programs.keys()].filter((group) => this.#programs[group] >= 0);
    return known.filter((group) => (group === DRUMS ? drums : tones));
  }
}

function nearest(candidates: readonly number[], distance: (candidate: number) => number): number {
  return candidates.reduce((best, one) => (best < 0 || distance(one) < distance(best) ? one : best), -1);
}

const KINDS: Readonly<Record<string, RemiKind>> = {
  Bar: 'bar', TimeSig: 'meter', Position: 'position', Tempo: 'tempo', Program: 'program',
  Pitch: 'pitch', PitchDrum: 'pitch', Velocity: 'velocity', Duration: 'duration', Pedal: 'pedal', EOS: 'eos',
}; // prettier-ignore

/** Takes the name of a token apart. */
export function parseRemi(name: string, positionsPerQuarter: number): RemiToken {
  const [word, rest = ''] = name.split('_');
  const kind = KINDS[word] ?? 'other';
  if (kind === 'duration' || kind === 'pedal') {
    const [quarters, steps, perQuarter] = rest.split('.').map(Number);
    return { kind, value: quarters * positionsPerQuarter + (steps * positionsPerQuarter) / perQuarter, denominator: 0 };
  }
  const [value, denominator = 0] = rest.split('/').map(Number);
  if (kind === 'program' && value < 0) return { kind, value: DRUMS, denominator: 0 };
  return { kind, value, denominator };
}
