import type { Score, Tokenizer } from '@rondo/tokenizer';
import { GeneratorError } from '../../errors.js';
import type { ForcedNote, Script } from './plan.js';
import { parseRemi, type RemiVocabulary } from './tokens.js';

/** What of a given piece the model can read, and how many notes it cannot. */
export interface ReadScript {
  readonly script: Script;
  /** Notes that the vocabulary cannot spell: they stay in the music, the model does not hear them. */
  readonly unheard: number;
}

/**
 * The bars, tempos and notes of a score, in positions.
 * @throws GeneratorError RONDO_GENERATOR_CONSTRAINT for a meter that the vocabulary lacks
 */
export function readScript(score: Score, tokenizer: Tokenizer, vocabulary: RemiVocabulary): ReadScript {
  const reader = new ScriptReader(vocabulary);
  for (const name of tokenizer.scheme.encode(score)) reader.read(name);
  const { meters, tempos, notes, unheard, bars } = reader;
  if (notes.length === 0 && unheard > 0) {
    const message = 'These wishes cannot be met: this model can spell none of the given notes.';
    throw new GeneratorError('RONDO_GENERATOR_CONSTRAINT', message);
  }
  return { script: { meters, tempos, notes, bars }, unheard };
}

class ScriptReader {
  readonly meters = new Map<number, number>();
  readonly tempos = new Map<number, number>();
  readonly notes: ForcedNote[] = [];
  unheard = 0;
  bar = -1;
  /** Bars up to the last note that can be spelt. */
  bars = 0;
  #start = 0;
  #length: number;
  #offset = 0;
  #group = 0;
  #pitch = 0;
  #velocity = 80;
  #tempo = -1;

  constructor(private readonly vocabulary: RemiVocabulary) {
    this.#length = 4 * vocabulary.config.positionsPerQuarter;
  }

  read(name: string): void {
    const token = parseRemi(name, this.vocabulary.config.positionsPerQuarter);
    const { kind, value } = token;
    if (kind === 'bar') {
      if (this.bar >= 0) this.#start += this.#length;
      this.bar++;
    } else if (kind === 'meter') this.#readMeter(name, token);
    else if (kind === 'position') this.#offset = value;
    else if (kind === 'tempo') this.#readTempo(value);
    else if (kind === 'program') this.#group = value;
    else if (kind === 'pitch') {
      this.#pitch = value;
      if (!this.vocabulary.config.programs) this.#group = name.startsWith('PitchDrum') ? 128 : 0;
    } else if (kind === 'velocity') this.#velocity = value;
    else if (kind === 'duration') this.#readNote(value);
  }

  #readMeter(name: string, token: { value: number; denominator: number }): void {
    const id = this.vocabulary.meterId(token.value, token.denominator);
    if (id < 0) {
      const message = `the given piece has the meter ${token.value}/${token.denominator}, which this model has never seen (${name})`;
      throw new GeneratorError('RONDO_GENERATOR_CONSTRAINT', message);
    }
    this.meters.set(this.bar, id);
    this.#length = this.vocabulary.barLength(token);
  }

  #readTempo(quartersAMinute: number): void {
    const id = this.vocabulary.nearestTempo(quartersAMinute);
    const spelt = this.vocabulary.position(this.#offset) >= 0;
    if (id < 0 || id === this.#tempo || !spelt) return;
    this.tempos.set(this.#start + this.#offset, id);
    this.#tempo = id;
  }

  #readNote(length: number): void {
    const { vocabulary } = this;
    const known =
      vocabulary.pitch(this.#group, this.#pitch) >= 0 &&
      vocabulary.position(this.#offset) >= 0 &&
      (!vocabulary.config.programs || vocabulary.program(this.#group) >= 0);
    if (!known) {
      this.unheard++;
      return;
    }
    this.bars = this.bar + 1;
    this.notes.push({
      at: this.#start + this.#offset,
      group: this.#group,
      pitch: this.#pitch,
      length: vocabulary.nearestLength(length),
      velocity: vocabulary.nearestVelocity(this.#velocity),
    });
  }
}
