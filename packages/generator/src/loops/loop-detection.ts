import type { Tokenizer } from '@rondo/tokenizer';

/** What counts as a loop: a phrase of at most `maxPeriod` tokens, heard `minRepeats` times, `minSpan` tokens in all. */
export interface LoopCriteria {
  /** Longest phrase that is looked for, in tokens. */
  maxPeriod: number;
  /** Times that the phrase stands in a row. */
  minRepeats: number;
  /** Tokens of the whole loop: one note twice is no loop yet. */
  minSpan: number;
}

/** A stretch of ids in which every token equals the one `period` before it. */
export interface LoopSpan {
  /** Index of the first token. */
  start: number;
  /** Tokens, the first round included. */
  length: number;
  /** Tokens of the phrase. */
  period: number;
}

/** What is reported as a loop: a phrase may be heard three times, as a refrain is. */
export const LOOP_CRITERIA: LoopCriteria = { maxPeriod: 128, minRepeats: 4, minSpan: 24 };

/**
 * The same for frames of a quarter note, where a chord that lasts is a frame that repeats, and a strain of eight bars has
 * hundreds of tokens: some ten quarters of four voices, and phrases of up to forty. Of 462 folk tunes that nobody would call
 * stuck 364 have a loop by the figures above and 14 by these, of 305 chorales 11 and 1.
 */
const QUARTER_FRAME_CRITERIA: LoopCriteria = { maxPeriod: 192, minRepeats: 4, minSpan: 48 };

/** What counts as a loop among the ids of a tokenizer: for frames by the length that they have in music. */
export function loopCriteria({ scheme }: Pick<Tokenizer, 'scheme'>): LoopCriteria {
  if (scheme.frameEnd === undefined) return LOOP_CRITERIA;
  const [part = 1, whole = 4] = String(scheme.config['grid']).split('/').map(Number);
  const framesPerQuarter = whole / (4 * part);
  const { maxPeriod, minRepeats, minSpan } = QUARTER_FRAME_CRITERIA;
  const least = Math.max(LOOP_CRITERIA.minSpan, Math.round(minSpan * framesPerQuarter));
  return {
    maxPeriod: Math.max(LOOP_CRITERIA.maxPeriod, Math.round(maxPeriod * framesPerQuarter)),
    minRepeats,
    minSpan: least,
  };
}

/** Watches ids one by one for a loop at their end. Constant memory, `maxPeriod` comparisons a token. */
export class LoopTracker {
  readonly #criteria: LoopCriteria;
  readonly #history: Int32Array; // ring of the last maxPeriod ids
  readonly #runs: Int32Array; // [period]: how many ids in a row equalled the one `period` before
  #count = 0;

  constructor(criteria: LoopCriteria = LOOP_CRITERIA) {
    this.#criteria = criteria;
    this.#history = new Int32Array(criteria.maxPeriod);
    this.#runs = new Int32Array(criteria.maxPeriod + 1);
  }

  push(id: number): void {
    const size = this.#history.length;
    const longest = Math.min(size, this.#count);
    for (let period = 1; period <= longest; period++) {
      const before = this.#history[(this.#count - period) % size];
      this.#runs[period] = before === id ? this.#runs[period] + 1 : 0;
    }
    this.#history[this.#count % size] = id;
    this.#count++;
  }

  /** The loop that the ids end in, with its shortest period; undefined where there is none. */
  get loop(): LoopSpan | undefined {
    const { minRepeats, minSpan } = this.#criteria;
    for (let period = 1; period < this.#runs.length; period++) {
      const length = this.#runs[period] + period;
      if (this.#runs[period] > 0 && length >= Math.max(minRepeats * period, minSpan)) {
        return { start: this.#count - length, length, period };
      }
    }
    return undefined;
  }

  /** How many of the last ids equalled, in a row, the one `period` before them. */
  run(period: number): number {
    return this.#runs[period] ?? 0;
  }

  /** The id that would go on with a phrase of `period` tokens. */
  continuation(period: number): number {
    return this.#history[(this.#count - period) % this.#history.length];
  }
}

/** All loops of a sequence of ids, in order and without overlap; each as long as it lasts. */
export function findLoops(ids: Iterable<number>, criteria: LoopCriteria = LOOP_CRITERIA): LoopSpan[] {
  const tracker = new LoopTracker(criteria);
  const spans: LoopSpan[] = [];
  for (const id of ids) {
    tracker.push(id);
    const span = tracker.loop;
    if (span === undefined) continue;
    const last = spans.at(-1);
    if (last === undefined || span.start >= last.start + last.length) spans.push(span);
    else last.length = Math.max(last.length, span.start + span.length - last.start);
  }
  return spans;
}
