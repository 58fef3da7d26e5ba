import type { Bundle } from '@rondo/checkpoint';
import { BarMap, cutBars, joinScores, type Score } from '@rondo/tokenizer';
import { generate, type GenerateHooks, type Variation } from '../generate.js';
import type { GenerateOptions } from '../options.js';
import { pieceOfSections } from './finished.js';
import { goingOn, type Opening } from './opening.js';
import { mannerOf, type Stretch, stretchOptions } from './section-options.js';
import { given, type Section, sharedNotes } from './sections.js';

/** So often a new section is tried until it is another one. */
const TRIES = 6;
/** What is new has at most this share of its notes where another section has them. */
const MOST_SHARED = 0.8;

/** How a piece is divided, and what it begins with. */
interface Size {
  /** Bars of a section. */
  readonly bars: number;
  readonly sections: number;
  readonly opening: Opening;
}

/** A piece that grows section by section. */
export class FormedPiece {
  readonly #sections: Section[] = [];
  readonly #known = new Map<string, Section>();
  /** Tokens that were chosen, also for what was not kept. */
  tokens = 0;

  constructor(
    private readonly bundle: Bundle,
    private readonly options: GenerateOptions,
    private readonly size: Size,
    private readonly hooks: GenerateHooks,
    private readonly index: number,
  ) {}

  /** Bars of a section. */
  get bars(): number {
    return this.size.bars;
  }

  get #allBars(): number {
    return this.bars * this.size.sections;
  }

  /** Adds the section of that name: as it was, varied or new. */
  async add(name: string): Promise<void> {
    const known = this.#known.get(name);
    if (known !== undefined) {
      this.#sections.push({ ...known, tokens: 0, logLikelihood: 0, escapes: 0, rank: undefined });
      return;
    }
    const theme = this.#known.get(name[0]);
    const section = theme === undefined ? await this.#found() : await this.#vary(theme);
    this.#known.set(name, section);
    if (theme === undefined && name.length > 1) this.#known.set(name[0], section); // A' before any A is the A
    this.#sections.push(section);
  }

  /** A section of which nothing is known but, at the start of the piece, how it begins. */
  async #found(): Promise<Section> {
    const { head, bars } = this.size.opening;
    if (this.#sections.length > 0) return this.#other(0, (attempt) => this.#compose([], this.bars, 0, attempt));
    if (head === undefined) return this.#compose([], this.bars);
    return bars === this.bars ? given(head) : this.#goOn(head, bars);
  }

  /** The first half of a section as it was, then something new. */
  async #vary(theme: Section): Promise<Section> {
    const kept = Math.max(1, Math.floor(this.bars / 2));
    if (this.bars < 2) return this.#compose([], this.bars);
    return this.#other(kept, (attempt) => this.#goOn(cutBars(theme.score, 0, kept), kept, attempt));
  }

  /**
   * A section that is none of those before, from bar `from` on. Networks that have learnt to repeat say them again, so that
   * it may take several tries: these know of little that was before, and every one is warmer.
   */
  async #other(from: number, make: (attempt: number) => Promise<Section>): Promise<Section> {
    const tries = this.options.argmax === true || this.options.beam !== undefined ? 1 : TRIES;
    for (let attempt = 1; ; attempt++) {
      const section = await make(attempt - 1);
      const shared = [...this.#known.values()].map(({ score }) => sharedNotes(section.score, score, from));
      if (attempt === tries || shared.every((share) => share <= MOST_SHARED)) return section;
    }
  }

  /** A section that begins with bars that are there. */
  async #goOn(head: Score, bars: number, attempt = 0): Promise<Section> {
    const tail = await this.#compose([head], this.bars - bars, bars, attempt);
    return { ...tail, score: joinScores([head, tail.score]) };
  }

  /** New bars after all sections and `also`. */
  async #compose(also: readonly Score[], bars: number, offset = 0, attempt = 0): Promise<Section> {
    const before = attempt > 0 ? this.#little(also) : [...this.#sections.map(({ score }) => score), ...also];
    const soFar = before.length === 0 ? undefined : joinScores(before);
    const stretch = { first: this.#sections.length * this.bars + offset, offset, bars, all: this.#allBars, attempt };
    const options = {
      ...stretchOptions(this.options, stretch),
      ...this.#goingOn(soFar),
      seed: this.#seed(attempt),
    };
    const hooks = { onToken: this.#listener(stretch), signal: this.hooks.signal };
    const result = await generate(this.bundle, options, hooks);
    this.tokens += result.tokens;
    const [{ score: whole, generated, logLikelihood, obeyed, escapes, rank }] = result.variations;
    const first = soFar === undefined ? 0 : new BarMap(whole).count - bars;
    const score = cutBars(whole, first, first + bars);
    return { score, obeyed, tokens: generated, logLikelihood, escapes, rank };
  }

  /** What a section goes on from if it would repeat the others: its own beginning, or the second half of the last one. */
  #little(also: readonly Score[]): readonly Score[] {
    const last = this.#sections.at(-1);
    if (also.length > 0 || last === undefined) return also;
    return [cutBars(last.score, Math.floor(this.bars / 2), this.bars)];
  }

  /** Draws of its own for every section and attempt. */
  #seed(attempt: number): number {
    const { seed = 0 } = this.options;
    const own = seed * 4099 + this.index * 1009 + this.#sections.length + attempt * 524_287;
    return own % Number.MAX_SAFE_INTEGER;
  }

  #goingOn(soFar: Score | undefined): GenerateOptions {
    const { start, conditions } = this.size.opening;
    const { tokenizer } = this.bundle;
    if (soFar === undefined) return { prime: start };
    const manner = mannerOf(this.#sections.at(0)?.score ?? soFar, this.options, tokenizer.scheme.name);
    return { ...manner, prime: goingOn(soFar, conditions, tokenizer), includePrime: true };
  }

  /** Hears the tokens of a stretch as those of the whole piece. */
  #listener({ first, bars, all }: Stretch): GenerateHooks['onToken'] {
    const { onToken } = this.hooks;
    return (
      onToken && ((token) => onToken({ ...token, variation: this.index, place: (first + token.place * bars) / all }))
    );
  }

  finish(): Variation {
    const { tokenizer } = this.bundle;
    const { head } = this.size.opening;
    const making = { tokenizer, options: this.options, head, training: this.hooks.training };
    return pieceOfSections(this.#sections, this.index, making);
  }
}
