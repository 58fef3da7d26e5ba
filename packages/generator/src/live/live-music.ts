import type { Bundle } from '@rondo/checkpoint';
import { GeneratorError } from '../errors.js';
import { openGuide } from '../guide.js';
import { openPredictor, type Predictor } from '../model/predictor.js';
import { type GenerateOptions, type Plan, planGeneration } from '../options.js';
import { startOf } from '../prime.js';
import { type Before, type Chunk, type LiveNote, type LiveSign, makeChunk, type Signs, signsAfter } from './chunk.js';
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
  /** Ends after so many seconds of music, at a bar line. Default: never. */
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
  readonly #heard: LiveSign[] = [];
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

  /** Tempo, meter and key of all that was made so far, at the start and wherever they changed. */
  get signs(): readonly LiveSign[] {
    return this.#heard;
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
      let barSeconds = 0; // of the last chunk: the last one of all is no longer than it need be
      const begun = this.clock.now();
      for (let number = 0; at < until && !signal.aborted; number++) {
        const bars = Math.min(this.#chunkBars, Math.max(1, Math.ceil((until - at) / barSeconds - 1e-6)));
        const chunk = await this.#next(predictor, bars, { logits, context, signs, number });
        barSeconds = chunk.seconds / bars;
        logits = chunk.logits;
        signs = signsAfter(this.bundle.tokenizer, signs, chunk.ids);
        this.#note(chunk, at);
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

  /** Keeps the signs of a chunk that begins at `at`, where they are new. */
  #note({ signs }: Chunk, at: number): void {
    for (const sign of signs) {
      const last = this.#heard.at(-1);
      const same =
        last?.microsecondsPerQuarter === sign.microsecondsPerQuarter &&
        isSame(last.meter, sign.meter) &&
        last.key?.fifths === sign.key?.fifths &&
        last.key?.mode === sign.key?.mode;
      if (!same) this.#heard.push({ ...sign, start: at + sign.start });
    }
  }

  get #chunkBars(): number {
    return this.#options.chunkBars ?? CHUNK_BARS;
  }

  async #next(predictor: Predictor, bars: number, before: Before): Promise<Chunk> {
    const wishes = this.#turned();
    const plan = { ...this.#plan, bars, wishes: wishes && { ...wishes, bars } };
    const chunk = await makeChunk(this.bundle, plan, predictor, before, this.#stop.signal);
    this.#bars += bars;
    return chunk;
  }

  /** Chords go on where the last chunk stopped. */
  #turned(): Plan['wishes'] {
    const { wishes } = this.#plan;
    if (wishes?.chords === undefined) return wishes;
    const by = this.#bars % wishes.chords.length;
    return { ...wishes, chords: [...wishes.chords.slice(by), ...wishes.chords.slice(0, by)] };
  }

  /** What the model cannot obey is refused when it is asked for, not when the music gets there. */
  #refuseImpossible(plan: Plan): void {
    const { tokenizer } = this.bundle;
    const start = Int32Array.from(tokenizer.bos === undefined ? [] : [tokenizer.bos]);
    openGuide(tokenizer, plan, { context: start, piece: start });
  }

  #planOf(asked: LiveOptions): Plan {
    const { chunkBars = CHUNK_BARS, ahead = AHEAD, ...rest } = asked;
    const options: GenerateOptions & Pick<LiveOptions, 'until'> = { ...rest };
    delete options.until;
    if (!(ahead >= 0 && ahead <= 60)) {
      throw new GeneratorError('RONDO_GENERATOR_OPTION', `ahead: expected 0 to 60 seconds, got ${ahead}`);
    }
    const plan = planGeneration({ ...options, bars: chunkBars, ending: 'proper' }, this.bundle);
    const { wishes } = plan;
    // In music without an end, and in chunks of a few bars, instruments come and go.
    const instruments = wishes?.instruments?.map((one) => ({ ...one, plays: false }));
    const live = { ...plan, includePrime: true, wishes: instruments ? { ...wishes, instruments } : wishes };
    this.#refuseImpossible(live);
    return live;
  }
}

function isSame(a: LiveSign['meter'], b: LiveSign['meter']): boolean {
  return a?.numerator === b?.numerator && a?.denominator === b?.denominator;
}
