import type { Bundle } from '@rondo/checkpoint';
import { BarMap, cutBars, joinScores, type Score } from '@rondo/tokenizer';
import { partOf } from '../curves.js';
import { generate, type GenerateHooks, type GenerateResult, type Variation } from '../generate.js';
import { findLoops, loopCriteria } from '../loops/loop-detection.js';
import { longestCopy } from '../music/longest-copy.js';
import { countNotes, secondsAt } from '../music/score-time.js';
import type { GenerateOptions } from '../options.js';
import { goingOn, type Opening, openingOf } from './opening.js';
import { given, inAll, meanRank, prevailing, type Section, withoutRepeatedSigns } from './sections.js';
import { type FormWish, parseForm, refuseClashes } from './wish.js';

const SECTION_BARS = 8;

/**
 * Composes section by section: each new one goes on from all that stands before it, repeats included, and ends on its bar
 * line. A prime is how the first section begins. The first section decides meter and tempo of all. With `bestOf` each new
 * section is the best of so many; the piece's rank is the mean of theirs.
 * @throws GeneratorError
 */
export async function composeForm(
  bundle: Bundle,
  wish: FormWish,
  options: GenerateOptions = {},
  hooks: GenerateHooks = {},
): Promise<GenerateResult> {
  const names = parseForm(wish.form);
  refuseClashes(options);
  const bars = wish.bars ?? SECTION_BARS;
  const opening = openingOf(bundle, options, bars);
  const started = performance.now();
  const variations: Variation[] = [];
  let tokens = 0;
  for (let index = 0; index < (options.count ?? 1); index++) {
    const piece = new FormedPiece(bundle, options, { bars, sections: names.length, opening }, hooks, index);
    for (const name of names) await piece.add(name);
    variations.push(piece.finish());
    tokens += piece.tokens;
  }
  const elapsedSeconds = (performance.now() - started) / 1000;
  return {
    variations,
    tokens,
    elapsedSeconds,
    tokensPerSecond: tokens / Math.max(1e-9, elapsedSeconds),
    seed: options.seed ?? 0,
  };
}

interface Size {
  /** Bars of a section. */
  readonly bars: number;
  readonly sections: number;
  readonly opening: Opening;
}

class FormedPiece {
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
    if (head === undefined || this.#sections.length > 0) return this.#compose([], this.bars);
    return bars === this.bars ? given(head) : this.#goOn(head, bars);
  }

  /** The first half of a section as it was, then something new. */
  async #vary(theme: Section): Promise<Section> {
    const kept = Math.max(1, Math.floor(this.bars / 2));
    if (this.bars < 2) return this.#compose([], this.bars);
    return this.#goOn(cutBars(theme.score, 0, kept), kept);
  }

  /** A section that begins with bars that are there. */
  async #goOn(head: Score, bars: number): Promise<Section> {
    const tail = await this.#compose([head], this.bars - bars, bars);
    return { ...tail, score: joinScores([head, tail.score]) };
  }

  /** New bars after all sections and `also`. */
  async #compose(also: readonly Score[], bars: number, offset = 0): Promise<Section> {
    const before = [...this.#sections.map(({ score }) => score), ...also];
    const soFar = before.length === 0 ? undefined : joinScores(before);
    const result = await generate(
      this.bundle,
      {
        ...this.options,
        ...(soFar === undefined ? {} : this.#sameManner(before[0])),
        ...this.#rotated(offset),
        ...this.#curves(bars, offset),
        ...this.#start(soFar),
        seed: this.#seed,
        count: 1,
        bars,
        ending: 'proper',
      },
      { onToken: this.#listener(bars, offset), signal: this.hooks.signal },
    );
    this.tokens += result.tokens;
    const [{ score: whole, generated, logLikelihood, obeyed, escapes, rank }] = result.variations;
    const first = soFar === undefined ? 0 : new BarMap(whole).count - bars;
    const score = cutBars(whole, first, first + bars);
    return { score, obeyed, tokens: generated, logLikelihood, escapes, rank };
  }

  get #seed(): number {
    const seed = (this.options.seed ?? 0) * 4099 + this.index * 1009 + this.#sections.length;
    return seed % Number.MAX_SAFE_INTEGER;
  }

  #start(soFar: Score | undefined): Pick<GenerateOptions, 'prime' | 'includePrime'> {
    const { start, conditions } = this.size.opening;
    if (soFar === undefined) return { prime: start };
    return { prime: goingOn(soFar, conditions, this.bundle.tokenizer), includePrime: true };
  }

  /** Hears the tokens of a section as those of the whole piece. */
  #listener(bars: number, offset: number): GenerateHooks['onToken'] {
    const { onToken } = this.hooks;
    const first = this.#sections.length * this.bars + offset;
    const all = this.bars * this.size.sections;
    return (
      onToken && ((token) => onToken({ ...token, variation: this.index, place: (first + token.place * bars) / all }))
    );
  }

  /** Chords that go on where the kept half of a varied section stops. */
  #rotated(offset: number): Pick<GenerateOptions, 'chords'> {
    const { chords } = this.options;
    if (chords === undefined || offset === 0) return {};
    const bars = chords.includes('|')
      ? chords.split('|').filter((bar) => bar.trim() !== '')
      : chords.trim().split(/[\s,]+/);
    const by = offset % bars.length;
    return { chords: `${[...bars.slice(by), ...bars.slice(0, by)].join(' | ')} |` };
  }

  /** The part of the piece's curves that these bars are. */
  #curves(bars: number, offset: number): Pick<GenerateOptions, 'temperature' | 'density'> {
    const { temperature, density } = this.options;
    const first = this.#sections.length * this.bars + offset;
    const all = this.bars * this.size.sections;
    const last = Math.max(1, all - 1); // densities are those of bars
    return {
      ...(temperature === undefined ? {} : { temperature: partOf(temperature, first / all, (first + bars) / all) }),
      ...(density === undefined ? {} : { density: partOf(density, first / last, (first + bars - 1) / last) }),
    };
  }

  /** Meter and tempo of what stands first, where nothing else was asked for. */
  #sameManner({ timeSignatures, tempos, endTick }: Score): Pick<GenerateOptions, 'meter' | 'tempo'> {
    const { name } = this.bundle.tokenizer.scheme;
    if (name === 'performance') return {};
    const [meter, tempo] = [prevailing(timeSignatures, endTick), prevailing(tempos, endTick)];
    return {
      meter: this.options.meter ?? (meter && `${meter.numerator}/${meter.denominator}`),
      tempo: this.options.tempo ?? (name === 'remi' ? tempo && 60e6 / tempo.microsecondsPerQuarter : undefined),
    };
  }

  finish(): Variation {
    const { tokenizer } = this.bundle;
    const score = withoutRepeatedSigns(joinScores(this.#sections.map((section) => section.score)));
    const ids = tokenizer.encode(score);
    const primeLength = this.#primeLength(ids);
    const loops = findLoops(ids, loopCriteria(tokenizer));
    const { training } = this.hooks;
    const rank = meanRank(this.#sections);
    const sum = (of: (section: Section) => number) => this.#sections.reduce((total, section) => total + of(section), 0);
    return {
      index: this.index,
      ids,
      primeLength,
      generated: sum(({ tokens }) => tokens),
      tokens: tokenizer.tokens(ids),
      score,
      notes: countNotes(score),
      seconds: secondsAt(score, score.endTick),
      ended: 'eos',
      loop: loops.some(({ length }) => length >= ids.length / 2),
      loops,
      escapes: sum(({ escapes }) => escapes),
      logLikelihood: sum(({ logLikelihood }) => logLikelihood),
      obeyed: inAll(this.#sections, score).filter(({ wish }) => this.#wasAsked(wish)),
      ...(rank && { rank }),
      ...(training && { longestCopy: longestCopy(ids.subarray(primeLength), training) }),
    };
  }

  /** Meter and tempo of the first section are no wishes of the user's. */
  #wasAsked(wish: string): boolean {
    return (wish !== 'meter' && wish !== 'tempo') || this.options[wish] !== undefined;
  }

  /** How many of the ids are the prime's; the tokens of its last moments may depend on what follows. */
  #primeLength(ids: Int32Array): number {
    const { head } = this.size.opening;
    if (head === undefined) return 0;
    const prime = this.bundle.tokenizer.encode(head);
    const differs = prime.findIndex((id, at) => id !== ids[at]);
    return differs < 0 ? prime.length : differs;
  }
}
