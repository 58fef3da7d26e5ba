import { setImmediate as breathe } from 'node:timers/promises';
import type { Bundle } from '@rondo/checkpoint';
import { refuseAborted } from './abort.js';
import { openPredictor, type Predictor } from './model/predictor.js';
import type { Plan } from './options.js';
import { startOf } from './prime.js';
import { Voice } from './voice.js';

/** One token as it is chosen. */
export interface GeneratedToken {
  /** Number of the variation, from 0. */
  variation: number;
  /** Position among the variation's generated tokens, from 0. */
  index: number;
  id: number;
  /** How much of the variation is done, 0 … 1, by its length where one was asked for, else by the most tokens it may have. */
  place: number;
}

/** The event loop gets a turn at least this often, so that signals, sockets and progress bars stay alive. */
const BREATH_MS = 12;

/**
 * Generates all variations together and gives each token as soon as it is chosen; returns the voices. Whoever stops
 * listening ends the work.
 * @throws GeneratorError, EngineError
 */
export async function* streamTokens(
  bundle: Bundle,
  plan: Plan,
  signal?: AbortSignal,
): AsyncGenerator<GeneratedToken, Voice[], void> {
  refuseAborted(signal);
  const starts = Array.from({ length: plan.count }, (_, index) => startOf(bundle, plan, index));
  const voices = starts.map((start, index) => new Voice(bundle.tokenizer, plan, start, index));
  const predictor = openPredictor(bundle, plan);
  try {
    const logits = await predictor.start(starts.map(({ context }) => context));
    yield* chooseTokens(voices, predictor, logits, signal);
  } finally {
    predictor.dispose();
  }
  return voices;
}

async function* chooseTokens(
  voices: readonly Voice[],
  predictor: Predictor,
  first: Float32Array,
  signal?: AbortSignal,
): AsyncGenerator<GeneratedToken, void, void> {
  const ids = new Int32Array(voices.length);
  let logits = first;
  let breath = performance.now();
  for (;;) {
    refuseAborted(signal);
    const size = logits.length / voices.length;
    for (const [variation, voice] of voices.entries()) {
      if (voice.ended !== undefined) continue; // its row runs idle until the others are done
      ids[variation] = voice.advance(logits.subarray(variation * size, (variation + 1) * size));
      yield { variation, index: voice.generated - 1, id: ids[variation], place: voice.place };
    }
    if (voices.every(({ ended }) => ended !== undefined)) return;
    logits = await predictor.next(ids);
    if (performance.now() - breath > BREATH_MS) {
      await breathe();
      breath = performance.now();
    }
  }
}
