import type { Tokenizer } from '@rondo/tokenizer';
import { GeneratorError } from './errors.js';
import { LoopEscape } from './loops/loop-escape.js';
import { MusicLimit } from './music/length-limit.js';
import type { Plan } from './options.js';
import type { Start } from './prime.js';
import { type Random, seededRandom } from './random.js';
import { applyMask, penaliseRepetition } from './sampling/filters.js';
import { sample } from './sampling/sampler.js';

const DIVERGED = 'The model gives no numbers (NaN): its training diverged; train again with a lower learning rate.';

/** One variation on its way: chooses its tokens, knows its grammar, its loops and its end. Depends on no other. */
export class Voice {
  /** The piece so far: the prime where it is included, then what was chosen. */
  readonly ids: number[];
  /** How many of the ids are the prime. */
  readonly primeLength: number;
  /** How it ended; undefined while it goes on. */
  ended: 'eos' | 'length' | undefined;
  readonly limit: MusicLimit;
  readonly #escape = new LoopEscape();
  readonly #random: Random;
  readonly #cursor: ReturnType<Tokenizer['grammarCursor']>;
  readonly #allowed: Uint8Array;
  readonly #recent: number[];

  /** @param index number of the variation, which with the plan's seed decides every draw */
  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly plan: Plan,
    start: Start,
    index: number,
  ) {
    this.#random = seededRandom(plan.seed, index);
    this.#cursor = tokenizer.grammarCursor();
    for (const id of start.piece) this.#cursor.push(id);
    for (const id of start.context) this.#escape.push(id);
    this.#recent = Array.from(start.context.slice(-plan.repetitionWindow));
    this.#allowed = new Uint8Array(tokenizer.vocabulary.size);
    this.ids = plan.includePrime ? Array.from(start.piece) : [];
    this.primeLength = this.ids.length;
    this.limit = new MusicLimit(tokenizer, plan, [...this.ids]);
  }

  /** Times that the voice was led out of a loop. */
  get escapes(): number {
    return this.plan.escapeLoops ? this.#escape.escapes : 0;
  }

  /** How many tokens were chosen. */
  get generated(): number {
    return this.ids.length - this.primeLength;
  }

  /** Chooses the next token from logits [V] and takes it. */
  advance(logits: Float32Array): number {
    const id = this.#choose(logits);
    this.ids.push(id);
    this.#cursor.push(id);
    this.#escape.push(id);
    this.#recent.push(id);
    if (this.#recent.length > this.plan.repetitionWindow) this.#recent.shift();
    if (id === this.tokenizer.eos) this.ended = 'eos';
    else if (this.generated >= this.plan.tokens || this.limit.reached(this.ids)) this.ended = 'length';
    return id;
  }

  #choose(logits: Float32Array): number {
    const escape = this.plan.escapeLoops ? this.#escape.next() : undefined;
    if (hasNaN(logits)) throw new GeneratorError('RONDO_GENERATOR_MODEL', DIVERGED);
    this.#setAllowed(escape?.banned);
    let scores = applyMask(logits, this.#allowed);
    const { repetitionPenalty, temperature, argmax } = this.plan;
    if (repetitionPenalty > 1) scores = penaliseRepetition(scores, this.#recent, repetitionPenalty);
    if (escape === undefined) return sample(scores, this.plan, this.#random);
    const warm = (argmax ? 1 : temperature) * escape.heat;
    return sample(scores, { ...this.plan, argmax: false, temperature: warm }, this.#random);
  }

  /** Grammar, no second start, nothing unknown, no early end; each wish gives way before nothing at all is left. */
  #setAllowed(banned: number | undefined): void {
    const { bos, eos, unk } = this.tokenizer;
    const allowed = this.#allowed;
    if (this.plan.grammar) this.#cursor.mask(allowed);
    else allowed.fill(1);
    for (const id of [bos, unk]) if (id !== undefined) allowed[id] = 0;
    if (!allowed.includes(1)) {
      // A small vocabulary may lack what the grammar asks for; any music is better than none.
      allowed.fill(1);
      for (const id of [bos, unk]) if (id !== undefined) allowed[id] = 0;
    }
    if (this.generated < this.plan.minTokens) this.#forbid(eos);
    this.#forbid(banned);
  }

  #forbid(id: number | undefined): void {
    if (id === undefined || !this.#allowed[id]) return;
    this.#allowed[id] = 0;
    if (!this.#allowed.includes(1)) this.#allowed[id] = 1;
  }
}

function hasNaN(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}
