import type { Bundle } from '@rondo/checkpoint';
import { GeneratorError } from '../errors.js';
import { openPredictor, type Predictor } from '../model/predictor.js';
import { type GenerateOptions, type Plan, planGeneration } from '../options.js';
import { startOf } from '../prime.js';
import { type Before, type Chunk, type LiveNote, makeChunk, type Signs, signsAfter } from './chunk.js';
import { type Clock, realClock } from './clock.js';

/** What can be changed while the music plays. */
export type LiveSettings = Pick<
  GenerateOptions,
  | 'temperature' | 'topK' | 'topP' | 'minP' | 'repetitionPenalty' | 'key' | 'chords' | 'range' | 'polyphony' | 'density'
  | 'instruments' | 'meter' | 'tempo'
>; // prettier-ignore

/** What live music begins with: what may change later, and what stays. */
export interface LiveOptions
  extends LiveSettings,
    Pick<GenerateOptions, 'seed' | 'prime' | 'primeTokens' | 'escapeLoops'> {
  /** Bars that are made in one go: a change is heard after them at the latest. Default 2. */
  chunkBars?: number;
  /** Seconds that notes are given before they are to sound, at least. Default 1. */
  ahead?: number;
  /** Ends after so many seconds of music, at the end of a chunk. Default: never. */
  until?: number;
}

const CHUNK_BARS = 2;
const AHEAD = 1;
/** The loops of this many tokens back are remembered from chunk to chunk. */
const MEMORY = 512;

/**
 * Endless music as an async iterator of notes, each given before it is to sound; the network keeps its state from the first
 * note on. Settings may change at any time.
 *
 *     const music = new LiveMusic(bundle, { key: 'A minor' });
 *     for await (const note of music) schedule(note);   // and meanwhile: music.change({ temperature: 1.3 })
 */
export class LiveMusic implements AsyncIterable<LiveNote> {
  #options: LiveOptions;
  #plan: Plan;
  readonly #stop = new AbortController();
  #bars = 0;

  /** @throws GeneratorError for options that make no sense */
  constructor(
    private readonly bundle: Bundle,
    options: LiveOptions = {},
    private readonly clock: Clock = realClock,
  ) {
    this.#options = options;
    this.#plan = this.#planOf(options);
  }

  /** Changes settings; `undefined` takes a wish back. @throws GeneratorError and changes nothing if they make no sense */
  change(settings: LiveSettings): void {
    const options = { ...this.#options, ...settings };
    this.#plan = this.#planOf(options);
    this.#options = options;
  }

  /** Ends the music: the iterator gives no more notes. */
  stop(): void {
    this.#stop.abort();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LiveNote, void, void> {
    const { signal } = this.#stop;
    const start = startOf(this.bundle, this.#plan, 0);
    const predictor = openPredictor(this.bundle, { count: 1, precision: this.#plan.precision });
    try {
      let logits: Float32Array = (await predictor.start([start.context])).slice();
      const { ahead = AHEAD, until = Infinity } = this.#options;
      let context: readonly number[] = [];
      let signs: Signs = {};
      let at = 0; // where the next chunk begins
      const begun = this.clock.now();
      for (let number = 0; at < until && !signal.aborted; number++) {
        const chunk = await this.#next(predictor, { logits, context, signs, number });
        logits = chunk.logits;
        signs = signsAfter(this.bundle.tokenizer, signs, chunk.ids);
        context = [...context, ...chunk.ids].slice(-MEMORY);
        for (const note of chunk.notes) {
          const early = at + note.start - ahead - (this.clock.now() - begun);
          if (early > 0) await this.clock.wait(early, signal);
          if (signal.aborted) return;
          yield { ...note, start: at + note.start };
        }
        at += chunk.seconds;
        // The next chunk is begun as late as it can be, so that changes are heard soon.
        const spare = at - (this.clock.now() - begun) - ahead - 0.5 * chunk.seconds;
        if (spare > 0) await this.clock.wait(spare, signal);
      }
    } finally {
      predictor.dispose();
    }
  }

  async #next(predictor: Predictor, before: Before): Promise<Chunk> {
    const plan = { ...this.#plan, wishes: this.#turned() };
    const chunk = await makeChunk(this.bundle, plan, predictor, before, this.#stop.signal);
    this.#bars += this.#options.chunkBars ?? CHUNK_BARS;
    return chunk;
  }

  /** Chords go on where the last chunk stopped. */
  #turned(): Plan['wishes'] {
    const { wishes } = this.#plan;
    if (wishes?.chords === undefined) return wishes;
    const by = this.#bars % wishes.chords.length;
    return { ...wishes, chords: [...wishes.chords.slice(by), ...wishes.chords.slice(0, by)] };
  }

  #planOf(asked: LiveOptions): Plan {
    const { chunkBars = CHUNK_BARS, ahead = AHEAD, ...rest } = asked;
    const options: GenerateOptions & Pick<LiveOptions, 'until'> = { ...rest };
    delete options.until;
    if (!(ahead >= 0 && ahead <= 60)) {
      throw new GeneratorError('RONDO_GENERATOR_OPTION', `ahead: expected 0 to 60 seconds, got ${ahead}`);
    }
    const plan = planGeneration({ ...options, bars: chunkBars, ending: 'proper' }, this.bundle);
    return { ...plan, includePrime: true };
  }
}
