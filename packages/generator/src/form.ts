import type { Bundle } from '@rondo/checkpoint';
import { BarMap, cutBars, joinScores, type Score } from '@rondo/tokenizer';
import { partOf } from './curves.js';
import { GeneratorError } from './errors.js';
import { generate, type GenerateHooks, type GenerateResult, type Variation } from './generate.js';
import { findLoops, loopCriteria } from './loops/loop-detection.js';
import { longestCopy } from './music/longest-copy.js';
import { countNotes, secondsAt } from './music/score-time.js';
import type { GenerateOptions } from './options.js';
import type { Obeyed } from './steering/report.js';

/** A piece in sections: `AABA`, `AA'BA'`. */
export interface FormWish {
  /** One letter a section. A letter comes again note for note; with an apostrophe its second half is new. */
  readonly form: string;
  /** Bars of a section. Default 8. */
  readonly bars?: number;
}

interface Section {
  readonly score: Score;
  readonly obeyed: readonly Obeyed[];
  readonly tokens: number;
  readonly logLikelihood: number;
  readonly escapes: number;
}

const SECTION_BARS = 8;

/**
 * Composes section by section: each new one goes on from all that stands before it, repeats included, and ends on its bar
 * line. The first section decides meter and tempo of all.
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
  const started = performance.now();
  const variations: Variation[] = [];
  let tokens = 0;
  for (let index = 0; index < (options.count ?? 1); index++) {
    const piece = new FormedPiece(bundle, options, { bars, sections: names.length }, hooks, index);
    for (const name of names) await piece.add(name);
    variations.push(piece.finish(index));
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

/** @throws GeneratorError RONDO_GENERATOR_OPTION */
function parseForm(form: string): string[] {
  const names = form.replace(/[\s’-]/g, (sign) => (sign === '’' ? "'" : '')).match(/[A-Za-z]'*/g) ?? [];
  if (names.length > 0 && names.length <= 1000 && names.join('').length === form.replace(/[\s-]/g, '').length)
    return names;
  throw wrong(`form: expected letters such as AABA or AA'BA', not "${form}"`);
}

function refuseClashes(options: GenerateOptions): void {
  const clash = (['bars', 'seconds', 'tokens', 'harmonise', 'accompany', 'ending', 'prime'] as const).find((name) => options[name] !== undefined); // prettier-ignore
  if (clash !== undefined) throw wrong(`${clash}: with a form the sections decide; give their bars instead`);
}

class FormedPiece {
  readonly #sections: Section[] = [];
  readonly #known = new Map<string, Section>();

  constructor(
    private readonly bundle: Bundle,
    private readonly options: GenerateOptions,
    private readonly size: { readonly bars: number; readonly sections: number },
    private readonly hooks: GenerateHooks,
    private readonly index: number,
  ) {}

  /** Bars of a section. */
  get bars(): number {
    return this.size.bars;
  }

  get tokens(): number {
    return this.#sections.reduce((sum, { tokens }) => sum + tokens, 0);
  }

  async add(name: string): Promise<void> {
    const known = this.#known.get(name);
    if (known !== undefined) {
      this.#sections.push({ ...known, tokens: 0, logLikelihood: 0, escapes: 0 });
      return;
    }
    const theme = this.#known.get(name[0]);
    const section = theme === undefined ? await this.#compose([], this.bars) : await this.#vary(theme);
    this.#known.set(name, section);
    if (theme === undefined && name.length > 1) this.#known.set(name[0], section); // A' before any A is the A
    this.#sections.push(section);
  }

  /** The first half of a section as it was, then something new. */
  async #vary(theme: Section): Promise<Section> {
    const kept = Math.max(1, Math.floor(this.bars / 2));
    if (this.bars < 2) return this.#compose([], this.bars);
    const head = cutBars(theme.score, 0, kept);
    const tail = await this.#compose([head], this.bars - kept, kept);
    return { ...tail, score: joinScores([head, tail.score]) };
  }

  /** New bars after all sections and `also`. */
  async #compose(also: readonly Score[], bars: number, offset = 0): Promise<Section> {
    const before = [...this.#sections.map(({ score }) => score), ...also];
    const soFar = before.length === 0 ? undefined : joinScores(before);
    const [first] = this.#sections;
    const seed = (this.options.seed ?? 0) * 4099 + this.index * 1009 + this.#sections.length;
    const result = await generate(
      this.bundle,
      {
        ...this.options,
        ...(first === undefined ? {} : this.#sameManner(first.score)),
        ...this.#rotated(offset),
        ...this.#curves(bars, offset),
        seed: seed % Number.MAX_SAFE_INTEGER,
        count: 1,
        bars,
        ending: 'proper',
        ...(soFar === undefined ? {} : { prime: { score: soFar }, includePrime: true }),
      },
      { onToken: this.#listener(bars, offset), signal: this.hooks.signal },
    );
    const [variation] = result.variations;
    const start = soFar === undefined ? 0 : new BarMap(variation.score).count - bars;
    const { ids, primeLength, logLikelihood, obeyed, escapes } = variation;
    const score = cutBars(variation.score, start, start + bars);
    return { score, obeyed, tokens: ids.length - primeLength, logLikelihood, escapes };
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
    return { chords: [...bars.slice(by), ...bars.slice(0, by)].join(' | ') };
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

  #sameManner({ timeSignatures: [meter], tempos: [tempo] }: Score): Pick<GenerateOptions, 'meter' | 'tempo'> {
    const { name } = this.bundle.tokenizer.scheme;
    if (name === 'performance') return {};
    return {
      ...(meter === undefined ? {} : { meter: `${meter.numerator}/${meter.denominator}` }),
      ...(tempo === undefined || name !== 'remi' ? {} : { tempo: 60e6 / tempo.microsecondsPerQuarter }),
    };
  }

  finish(index: number): Variation {
    const { tokenizer } = this.bundle;
    const score = withoutRepeatedSigns(joinScores(this.#sections.map((section) => section.score)));
    const ids = tokenizer.encode(score);
    const loops = findLoops(ids, loopCriteria(tokenizer));
    const { training } = this.hooks;
    return {
      index,
      ids,
      primeLength: 0,
      tokens: tokenizer.tokens(ids),
      score,
      notes: countNotes(score),
      seconds: secondsAt(score, score.endTick),
      ended: 'eos',
      loop: loops.some(({ length }) => length >= ids.length / 2),
      loops,
      escapes: this.#sections.reduce((sum, { escapes }) => sum + escapes, 0),
      logLikelihood: this.#sections.reduce((sum, section) => sum + section.logLikelihood, 0),
      obeyed: inAll(this.#sections),
      ...(training === undefined ? {} : { longestCopy: longestCopy(ids, training) }),
    };
  }
}

/** Tempo, meter and key once, where they change, and not at the start of every section. */
function withoutRepeatedSigns(score: Score): Score {
  const changes = <T extends { tick: number }>(signs: readonly T[]): T[] =>
    signs.filter((sign, i) => i === 0 || JSON.stringify({ ...signs[i - 1], tick: sign.tick }) !== JSON.stringify(sign));
  return {
    ...score,
    tempos: changes(score.tempos),
    timeSignatures: changes(score.timeSignatures),
    keySignatures: changes(score.keySignatures),
  };
}

/** A wish is obeyed if every section does; what is measured stands section by section where it differs. */
function inAll(sections: readonly Section[]): Obeyed[] {
  const [first] = sections;
  return first.obeyed.map(({ wish }) => {
    const all = sections.flatMap(({ obeyed }) => obeyed.filter((one) => one.wish === wish));
    const measured = [...new Set(all.map((one) => one.measured))];
    return {
      wish,
      obeyed: all.every((one) => one.obeyed),
      measured: measured.length === 1 ? measured[0] : measured.join(' / '),
    };
  });
}

function wrong(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_OPTION', message);
}
