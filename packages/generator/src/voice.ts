import type { Tokenizer } from '@rondo/tokenizer';
import { valueAt } from './curves.js';
import { GeneratorError } from './errors.js';
import { type Guide, openGuide } from './guide.js';
import { loopCriteria } from './loops/loop-detection.js';
import { LoopEscape } from './loops/loop-escape.js';
import { MusicLimit } from './music/length-limit.js';
import { PlayerManners } from './music/player-manners.js';
import type { Plan } from './options.js';
import type { Start } from './prime.js';
import { type Random, seededRandom } from './random.js';
import { applyMask, logProbability, penaliseRepetition, softmax } from './sampling/filters.js';
import { endInsteadOfBar } from './steering/end-alias.js';
import { NoRepeat } from './sampling/no-repeat.js';
import { sample } from './sampling/sampler.js';
import { PrimeStyle, tokenPitches } from './sampling/style.js';

const DIVERGED = 'The model gives no numbers (NaN): its training diverged; train again with a lower learning rate.';

/** One variation on its way: chooses its tokens, knows its grammar, its loops and its end. Depends on no other. */
export class Voice {
  /** The piece so far: the prime where it is included, then what was chosen. */
  readonly ids: number[];
  /** How many of the ids are the prime. */
  readonly primeLength: number;
  /** How it ended; undefined while it goes on. */
  ended: 'eos' | 'length' | undefined;
  /** Sum of the model's own log probabilities of what was chosen, in nats. */
  logLikelihood = 0;
  readonly limit: MusicLimit;
  readonly guide: Guide;
  readonly #escape: LoopEscape;
  readonly #random: Random;
  readonly #allowed: Uint8Array;
  readonly #recent: number[];
  readonly #pitches: readonly (readonly number[])[];
  readonly #style: PrimeStyle | undefined;
  readonly #phrases: NoRepeat | undefined;
  readonly #manners: PlayerManners | undefined;
  readonly #bar: number | undefined; // id of Bar, where the scheme has it

  /** @param index number of the variation, which with the plan's seed decides every draw */
  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly plan: Plan,
    start: Start,
    index: number,
  ) {
    this.#random = seededRandom(plan.seed, index);
    this.guide = openGuide(tokenizer, plan, start);
    this.#escape = new LoopEscape(loopCriteria(tokenizer));
    for (const id of start.context) this.#escape.push(id);
    this.#recent = Array.from(start.context.slice(-plan.repetitionWindow));
    this.#allowed = new Uint8Array(tokenizer.vocabulary.size);
    this.#pitches = plan.style > 0 || plan.repetitionPenalty > 1 ? tokenPitches(tokenizer) : [];
    this.#style = plan.style > 0 ? new PrimeStyle(this.#pitches, start.piece) : undefined;
    this.#phrases = plan.noRepeat === undefined ? undefined : new NoRepeat(plan.noRepeat);
    this.#manners = plan.grammar ? PlayerManners.after(tokenizer, start) : undefined;
    this.#bar = tokenizer.vocabulary.id('Bar');
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

  /** How much of the piece is done, 0 … 1. */
  get place(): number {
    return this.guide.place ?? this.generated / this.plan.tokens;
  }

  /** Chooses the next token from logits [V] and takes it. */
  advance(logits: Float32Array): number {
    if (hasNaN(logits)) throw new GeneratorError('RONDO_GENERATOR_MODEL', DIVERGED);
    const id = this.#choose(logits);
    this.take(id, logProbability(logits, id));
    return id;
  }

  /** Goes on with a token that somebody else has chosen. */
  take(id: number, logProbability: number): void {
    this.logLikelihood += logProbability;
    this.ids.push(id);
    this.guide.push(id);
    this.#escape.push(id);
    this.#style?.push(id);
    this.#phrases?.push(id);
    this.#manners?.push(id);
    this.#recent.push(id);
    if (this.#recent.length > this.plan.repetitionWindow) this.#recent.shift();
    if (id === this.tokenizer.eos) this.ended = 'eos';
    else if (this.guide.complete || this.generated >= this.plan.tokens || this.#isLongEnough) this.ended = 'length';
  }

  get #isLongEnough(): boolean {
    return !this.guide.endsExactly && this.limit.reached(this.ids);
  }

  #choose(logits: Float32Array): number {
    this.#setAllowed();
    const release = this.#manners?.overdue.find((id) => this.#allowed[id] === 1 && this.guide.isSafe(id));
    if (release !== undefined) return release;
    const escape = this.plan.escapeLoops ? this.#escape.next((id) => this.#doubt(logits, id)) : undefined;
    this.#forbid(escape?.banned);
    for (;;) {
      const id = this.#draw(logits, escape?.heat);
      if (this.guide.isSafe(id)) return id;
      this.#allowed[id] = 0; // a dead end; without it, the draw is that of the tokens that are left
      if (!this.#allowed.includes(1)) this.guide.mask(this.#allowed);
    }
  }

  /** Probability of all ids that may come but this one; 0 where none may. */
  #doubt(logits: Float32Array, id: number): number {
    if (!this.#allowed.some((allowed, other) => allowed === 1 && other !== id)) return 0;
    const others = 1 - softmax(applyMask(logits, this.#allowed))[id];
    return Math.max(others, Number.MIN_VALUE);
  }

  #draw(logits: Float32Array, heat: number | undefined): number {
    let scores = applyMask(this.#atEnd(logits), this.#allowed);
    const { repetitionPenalty, argmax, style } = this.plan;
    if (this.#style !== undefined && style > 0) scores = this.#style.mix(scores, style);
    if (repetitionPenalty > 1) scores = penaliseRepetition(scores, this.#recentPitches(), repetitionPenalty);
    const temperature = valueAt(this.plan.temperature, this.place);
    if (heat === undefined) return sample(scores, { ...this.plan, temperature }, this.#random);
    const warm = (argmax ? 1 : temperature) * heat;
    return sample(scores, { ...this.plan, argmax: false, temperature: warm }, this.#random);
  }

  #atEnd(logits: Float32Array): Float32Array {
    const { eos } = this.tokenizer;
    if (!this.guide.endsExactly || eos === undefined || this.#bar === undefined) return logits;
    return endInsteadOfBar(logits, this.#allowed, eos, this.#bar);
  }

  #recentPitches(): number[] {
    return this.#recent.filter((id) => this.#pitches[id].length > 0);
  }

  /** Grammar and wishes, no second start, nothing unknown, no early end, no loop; what is not a rule gives way. */
  #setAllowed(): void {
    this.guide.mask(this.#allowed);
    if (this.generated < this.plan.minTokens && !this.guide.endsExactly) this.#forbid(this.tokenizer.eos);
    for (const id of this.#phrases?.banned ?? []) this.#forbid(id);
    for (const id of this.#manners?.tooLong ?? []) this.#forbid(id);
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
