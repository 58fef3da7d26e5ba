import type { Bundle } from '@rondo/checkpoint';
import { type Guide, openGuide } from './guide.js';
import { openPredictor, type Predictor, type PredictorState } from './model/predictor.js';
import { PlayerManners } from './music/player-manners.js';
import type { Plan } from './options.js';
import { startOf } from './prime.js';
import { refuseAborted } from './abort.js';
import { logSoftmax } from './sampling/filters.js';
import { Voice } from './voice.js';

/** A beginning of the piece, as a chain of tokens from the last one back. */
interface Link {
  readonly id: number;
  readonly logProbability: number;
  readonly before: Link | undefined;
}

interface Hypothesis {
  readonly last: Link | undefined;
  readonly length: number;
  readonly logLikelihood: number;
  readonly guide: Guide;
  /** Of a performance. */
  readonly manners: PlayerManners | undefined;
  /** What the network has read, and what it expects; of a finished piece neither. */
  readonly state: PredictorState | undefined;
  readonly logits: Float32Array;
}

interface Extension {
  readonly from: Hypothesis;
  readonly id: number;
  readonly logProbability: number;
  readonly total: number;
}

/**
 * The likeliest piece that a beam of `plan.beam` beginnings finds: at each step every one is gone on with in its likeliest
 * ways, and the best of all stay. Finished pieces are compared by their likelihood a token.
 * @throws GeneratorError, EngineError
 */
export async function searchBeam(bundle: Bundle, plan: Plan, signal?: AbortSignal): Promise<Voice> {
  const width = plan.beam ?? 1;
  const start = startOf(bundle, plan, 0);
  const predictor = openPredictor(bundle, { count: 1, precision: plan.precision });
  try {
    const logits = (await predictor.start([start.context])).slice();
    const guide = openGuide(bundle.tokenizer, plan, start);
    const manners = plan.grammar ? PlayerManners.after(bundle.tokenizer, start, true) : undefined;
    const state = predictor.save();
    let beam: Hypothesis[] = [{ last: undefined, length: 0, logLikelihood: 0, guide, manners, state, logits }];
    const finished: Hypothesis[] = [];
    while (beam.length > 0 && finished.length < width) {
      refuseAborted(signal);
      beam = await advance(beam, width, { bundle, plan, predictor, finished });
    }
    return voiceOf(best(finished), bundle, plan);
  } finally {
    predictor.dispose();
  }
}

interface Search {
  readonly bundle: Bundle;
  readonly plan: Plan;
  readonly predictor: Predictor;
  readonly finished: Hypothesis[];
}

async function advance(beam: readonly Hypothesis[], width: number, search: Search): Promise<Hypothesis[]> {
  const { plan, predictor, finished, bundle } = search;
  const all = beam.flatMap((from) => extensions(from, width, search)).sort((a, b) => b.total - a.total);
  const next: Hypothesis[] = [];
  for (const { from, id, logProbability, total } of all.slice(0, width)) {
    const guide = from.guide.clone();
    guide.push(id);
    const length = from.length + 1;
    const last = { id, logProbability, before: from.last };
    const manners = from.manners?.clone();
    manners?.push(id);
    const grown = { last, length, logLikelihood: total, guide, manners };
    if (id === bundle.tokenizer.eos || guide.complete || length >= plan.tokens) {
      finished.push({ ...grown, state: undefined, logits: new Float32Array() });
      continue;
    }
    if (from.state !== undefined) predictor.restore(from.state);
    const logits = (await predictor.next(Int32Array.of(id))).slice();
    next.push({ ...grown, state: predictor.save(), logits });
  }
  return next;
}

/** The likeliest `width` ways on that lead into no dead end. */
function extensions(from: Hypothesis, width: number, { bundle, plan }: Search): Extension[] {
  const logProbabilities = logSoftmax(from.logits);
  const allowed = new Uint8Array(logProbabilities.length);
  from.guide.mask(allowed);
  const { eos } = bundle.tokenizer;
  if (eos !== undefined && from.length < plan.minTokens && !from.guide.endsExactly) allowed[eos] = 0;
  const repeated = plan.noRepeat === undefined ? undefined : endsOfRepeats(from.last, plan.noRepeat);
  const ids = [...allowed.keys()].filter((id) => allowed[id] === 1 && repeated?.has(id) !== true);
  const choice = ids.length > 0 ? ids : [...allowed.keys()].filter((id) => allowed[id] === 1);
  const mannerly = from.manners?.among(choice) ?? choice;
  const found = likeliestSafe(from, mannerly, logProbabilities, width);
  return found.length > 0 ? found : likeliestSafe(from, choice, logProbabilities, width);
}

function likeliestSafe(
  from: Hypothesis,
  ids: readonly number[],
  logProbabilities: Float64Array,
  width: number,
): Extension[] {
  const out: Extension[] = [];
  for (const id of [...ids].sort((a, b) => logProbabilities[b] - logProbabilities[a] || a - b)) {
    if (out.length === width) break;
    if (!from.guide.isSafe(id)) continue;
    out.push({ from, id, logProbability: logProbabilities[id], total: from.logLikelihood + logProbabilities[id] });
  }
  return out;
}

/** Ids after which the last `length` tokens would have been heard before. */
function endsOfRepeats(last: Link | undefined, length: number): Set<number> {
  const ids = idsOf(last);
  const tail = ids.slice(ids.length - length + 1);
  const ends = new Set<number>();
  for (let at = 0; at + tail.length < ids.length; at++) {
    if (tail.every((id, i) => ids[at + i] === id)) ends.add(ids[at + tail.length]);
  }
  return ends;
}

function idsOf(last: Link | undefined): number[] {
  const ids: number[] = [];
  for (let link = last; link !== undefined; link = link.before) ids.push(link.id);
  return ids.reverse();
}

function best(finished: readonly Hypothesis[]): Hypothesis {
  const perToken = ({ logLikelihood, length }: Hypothesis) => logLikelihood / length;
  return finished.reduce((top, one) => (perToken(one) > perToken(top) ? one : top));
}

/** The voice that has chosen these tokens. */
function voiceOf(hypothesis: Hypothesis, bundle: Bundle, plan: Plan): Voice {
  const links: Link[] = [];
  for (let link = hypothesis.last; link !== undefined; link = link.before) links.push(link);
  const voice = new Voice(bundle.tokenizer, plan, startOf(bundle, plan, 0), 0);
  for (const { id, logProbability } of links.reverse()) voice.take(id, logProbability);
  return voice;
}
