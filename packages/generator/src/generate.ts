import type { Bundle } from '@rondo/checkpoint';
import type { Score, Tokenizer } from '@rondo/tokenizer';
import { searchBeam } from './beam.js';
import { findLoops, loopCriteria, type LoopSpan } from './loops/loop-detection.js';
import { type Copy, longestCopy, type ReadableIds } from './music/longest-copy.js';
import { countNotes, secondsAt } from './music/score-time.js';
import { written } from './music/written.js';
import { type GenerateOptions, type Plan, planGeneration } from './options.js';
import type { Obeyed } from './steering/report.js';
import { pickBest, type Rank } from './ranking.js';
import { type GeneratedToken, streamTokens } from './token-stream.js';
import type { Voice } from './voice.js';

/** What `generate` is given beside the options: who listens, what stops it, and what copies are looked for in. */
export interface GenerateHooks {
  /** Called with each token as it is chosen. */
  onToken?: (token: GeneratedToken) => void;
  /** Stops the work; `generate` then rejects with `RONDO_GENERATOR_ABORTED`. */
  signal?: AbortSignal;
  /** Training ids (a split of a dataset): each variation is then searched for its longest copy. */
  training?: ReadableIds;
}

/** One finished piece. */
export interface Variation {
  /** Number of the variation, from 0. */
  index: number;
  /** The piece: the prime where it is included, then what was generated. */
  ids: Int32Array;
  /** How many of the ids are the prime. */
  primeLength: number;
  /** How many tokens were chosen: those that were cut at the end too, but not what a form repeats. */
  generated: number;
  /** The ids as tokens. */
  tokens: string[];
  /** The music, without hanging notes; ready for `writeMidi`. */
  score: Score;
  notes: number;
  /** Length of the music. */
  seconds: number;
  /** By itself, or cut at the length asked for. */
  ended: 'eos' | 'length';
  /** True where the piece got stuck: a phrase came back too often for a refrain, or filled half of the piece. */
  loop: boolean;
  /** Every stretch of `ids` that goes round and round, also where the generator found its way out. */
  loops: LoopSpan[];
  /** Times that the generator led the piece out of a loop. */
  escapes: number;
  /** Sum of the model's log probabilities of what was generated, in nats. */
  logLikelihood: number;
  /** For each wish whether the written music obeys it. */
  obeyed: Obeyed[];
  /** Why it was kept, where it is the best of several. */
  rank?: Rank;
  /** The longest stretch copied from the training data, where these were given. */
  longestCopy?: Copy;
}

/** All variations of one call, and how fast they came. */
export interface GenerateResult {
  variations: Variation[];
  /** Tokens generated, all variations together. */
  tokens: number;
  /** Time from the first token read to the last one chosen. */
  elapsedSeconds: number;
  tokensPerSecond: number;
  seed: number;
}

/**
 * Makes music. The same model, options and seed give the same ids on the same device, and variation i does not depend on
 * how many others are made with it.
 * @throws GeneratorError `RONDO_GENERATOR_OPTION`, `_PRIME`, `_MODEL`, `_ABORTED`; EngineError; TokenizerError for a prime
 *   that the vocabulary cannot spell
 */
export async function generate(
  bundle: Bundle,
  options: GenerateOptions = {},
  { onToken, signal, training }: GenerateHooks = {},
): Promise<GenerateResult> {
  const asked = planGeneration(options, bundle);
  const plan = { ...asked, count: asked.count * asked.bestOf };
  const started = performance.now();
  const voices =
    plan.beam === undefined
      ? await drain(streamTokens(bundle, plan, signal), onToken)
      : [await searchBeam(bundle, plan, signal)];
  const elapsedSeconds = (performance.now() - started) / 1000;
  const tokens = voices.reduce((sum, { generated }) => sum + generated, 0);
  return {
    variations: choose(
      voices.map((voice, index) => finish(voice, index, bundle.tokenizer, plan, training)),
      asked.bestOf,
    ),
    tokens,
    elapsedSeconds,
    tokensPerSecond: tokens / Math.max(elapsedSeconds, 1e-9),
    seed: plan.seed,
  };
}

/** Of every `bestOf` pieces the best, numbered anew. */
function choose(all: Variation[], bestOf: number): Variation[] {
  if (bestOf === 1) return all;
  return Array.from({ length: all.length / bestOf }, (_, index) => {
    const candidates = all.slice(index * bestOf, (index + 1) * bestOf);
    const { index: best, rank } = pickBest(candidates);
    return { ...candidates[best], index, rank };
  });
}

/** The tokens of {@link generate} one by one, for whoever plays them while they come. */
export async function* generateTokens(
  bundle: Bundle,
  options: GenerateOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<GeneratedToken, void, void> {
  yield* streamTokens(bundle, planGeneration(options, bundle), signal);
}

async function drain(
  stream: AsyncGenerator<GeneratedToken, Voice[], void>,
  onToken?: (token: GeneratedToken) => void,
): Promise<Voice[]> {
  try {
    for (;;) {
      const step = await stream.next();
      if (step.done) return step.value;
      onToken?.(step.value);
    }
  } finally {
    await stream.return([]); // a listener that throws must not leave the network's stream open
  }
}

function finish(voice: Voice, index: number, tokenizer: Tokenizer, plan: Plan, training?: ReadableIds): Variation {
  const ids = Int32Array.from(voice.guide.endsExactly ? voice.ids : voice.limit.trim(voice.ids));
  const { score, obeyed } = written(voice, tokenizer.decode(ids), tokenizer, plan);
  const { primeLength, generated } = voice;
  // What the prime repeats is its composer's wish.
  const found = findLoops(ids.subarray(primeLength), loopCriteria(tokenizer));
  const loops = found.map((span) => ({ ...span, start: span.start + primeLength }));
  return {
    index,
    ids,
    primeLength,
    generated,
    tokens: tokenizer.tokens(ids),
    score,
    notes: countNotes(score),
    seconds: secondsAt(score, score.endTick),
    // An end that came after the bars or seconds asked for was cut off with what stood before it.
    ended: voice.ended === 'eos' && ids.length === voice.ids.length ? 'eos' : 'length',
    loop: loops.some((span) => isStuck(span, ids.length - primeLength)),
    loops,
    escapes: voice.escapes,
    logLikelihood: voice.logLikelihood,
    obeyed,
    ...(training === undefined ? {} : { longestCopy: longestCopy(ids.subarray(primeLength), training) }),
  };
}

/** Four rounds may be an ostinato; these are not. */
const STUCK_ROUNDS = 8;
const STUCK_SHARE = 0.5;

function isStuck({ length, period }: LoopSpan, generated: number): boolean {
  return length >= STUCK_ROUNDS * period || length >= STUCK_SHARE * generated;
}
