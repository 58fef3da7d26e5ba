import type { Bundle } from '@rondo/checkpoint';
import { BarMap, cutBars, type Score, type Tokenizer } from '@rondo/tokenizer';
import { GeneratorError } from './errors.js';
import { generate, type GenerateHooks, type GenerateResult, type Variation } from './generate.js';
import { likelihoodOf } from './likelihood.js';
import { type BarSpan, replaceBars, sameOutside } from './music/replace-bars.js';
import type { GenerateOptions } from './options.js';
import { encodePrime } from './prime.js';
import { countNotes, secondsAt } from './music/score-time.js';

/** A piece and the bars of it that are to be written anew. */
export interface InfillWish extends BarSpan {
  readonly score: Score;
  /** How many fillings are tried for each that is kept. Default 8. */
  readonly candidates?: number;
}

/** What follows is read no further than this when fillings are compared. */
const HORIZON = 400;
const CANDIDATES = 8;

/**
 * Writes some bars of a piece anew. Several fillings go on from the bars before; kept is the one after which the bars that
 * follow are likeliest. Bars are counted from 0.
 * @throws GeneratorError
 */
export async function infill(
  bundle: Bundle,
  wish: InfillWish,
  options: GenerateOptions = {},
  hooks: GenerateHooks = {},
): Promise<GenerateResult> {
  const { tokenizer } = bundle;
  checkWish(wish, options, tokenizer);
  const candidates = wish.candidates ?? CANDIDATES;
  const count = options.count ?? 1;
  const result = await generate(bundle, fillingOptions(wish, options, tokenizer, count * candidates), hooks);
  const filled = result.variations.map((variation) => place(variation, wish));
  const likelihoods = await scoreWhatFollows(bundle, filled, wish);
  const variations = Array.from({ length: count }, (_, index) => {
    const group = likelihoods.slice(index * candidates, (index + 1) * candidates);
    const best = index * candidates + group.indexOf(Math.max(...group));
    const measured = `${candidates} tried, what follows at ${likelihoods[best].toFixed(3)} nats a token (worst ${Math.min(...group).toFixed(3)})`;
    const unchanged = sameOutside(wish.score, filled[best].score, wish);
    return {
      ...filled[best],
      index,
      obeyed: [...filled[best].obeyed, { wish: 'infill', obeyed: unchanged, measured }],
    };
  });
  return { ...result, variations };
}

function checkWish({ score, from, to }: InfillWish, options: GenerateOptions, tokenizer: Tokenizer): void {
  const { count } = new BarMap(score);
  const scheme = tokenizer.scheme.name;
  if (scheme !== 'remi' && scheme !== 'grid') {
    throw wrong(
      `infill: the tokens of the scheme "${scheme}" know no bars to go on from; take a model of remi or grid`,
    );
  }
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= count)) {
    throw wrong(`infill: expected bars inside 1 to ${count}, the first not after the last, got ${from + 1} to ${to}`);
  }
  const clash = (['prime', 'bars', 'seconds', 'meter', 'harmonise', 'accompany', 'beam'] as const).find((name) => options[name] !== undefined); // prettier-ignore
  if (clash !== undefined) throw wrong(`${clash}: the piece to be filled decides it; leave it out`);
}

function fillingOptions(
  { score, from, to }: InfillWish,
  options: GenerateOptions,
  tokenizer: Tokenizer,
  count: number,
) {
  const { numerator, denominator } = new BarMap(score).bar(from);
  const tellsPrograms = tokenizer.scheme.name === 'remi' && tokenizer.scheme.config.programs !== false;
  return {
    ...options,
    instruments: options.instruments ?? (tellsPrograms ? instrumentsOf(score) : undefined),
    count,
    bestOf: 1,
    bars: to - from,
    ending: 'proper' as const,
    meter: `${numerator}/${denominator}`,
    includePrime: true,
    ...(from === 0 ? {} : { prime: { ids: idsBefore(score, from, tokenizer) } }),
  };
}

/** The bars before as ids, with silent bars at their end, so that the next new bar is the one to be filled. */
function idsBefore(score: Score, from: number, tokenizer: Tokenizer): Int32Array {
  const ids = encodePrime(tokenizer, cutBars(score, 0, from)).filter((id) => id !== tokenizer.eos);
  const bar = tokenizer.vocabulary.id('Bar');
  if (bar === undefined) return ids;
  const have = countNamed(ids, tokenizer, 'Bar');
  return Int32Array.from([...ids, ...new Array<number>(Math.max(0, from - have)).fill(bar)]);
}

function countNamed(ids: Int32Array, tokenizer: Tokenizer, name: string): number {
  return ids.reduce((sum, id) => sum + tokenizer.spell(id).filter((token) => token === name).length, 0);
}

/** All of them may play in the filling, none has to. */
function instrumentsOf({ tracks }: Score): string {
  return [...new Set(tracks.map(({ isDrum, program }) => (isDrum ? 'drums?' : `${program}?`)))].join(', ');
}

/** The piece with the filling in its place. */
function place(variation: Variation, { score, from, to }: InfillWish): Variation {
  const span = { from, to };
  const madeFrom = new BarMap(variation.score).bar(from).tick;
  const whole = replaceBars(score, span, variation.score, madeFrom);
  return { ...variation, score: whole, notes: countNotes(whole), seconds: secondsAt(whole, whole.endTick) };
}

async function scoreWhatFollows(bundle: Bundle, filled: readonly Variation[], { to }: InfillWish): Promise<number[]> {
  const { tokenizer } = bundle;
  const rows = filled.map(({ score }) => {
    const ids = tokenizer.encode(score);
    const from = indexOfBar(ids, score, to, tokenizer);
    return { ids: ids.slice(0, from + HORIZON), from };
  });
  return likelihoodOf(bundle, rows);
}

/** Index of the first id of a bar. */
function indexOfBar(ids: Int32Array, score: Score, bar: number, tokenizer: Tokenizer): number {
  const grid = tokenizer.scheme.name === 'grid';
  const [numerator, denominator] = String(tokenizer.scheme.config.grid ?? '1/4').split('/').map(Number); // prettier-ignore
  const quarters = new BarMap(score).bar(bar).tick / score.ticksPerQuarter;
  const wanted = grid ? Math.round((quarters * denominator) / (4 * numerator)) : bar + 1;
  let seen = 0;
  for (let at = 0; at < ids.length; at++) {
    seen += tokenizer.spell(ids[at]).filter((name) => name === (grid ? 'Frame' : 'Bar')).length;
    if (seen >= wanted) return Math.max(1, grid ? at + 1 : at);
  }
  return ids.length;
}

function wrong(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_OPTION', message);
}
