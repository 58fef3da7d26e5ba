import { type LoopCriteria, LoopTracker } from './loop-detection.js';

/** What the sampler is to do differently while a voice gets out of a loop. */
export interface Escape {
  /** Multiplies the temperature; an argmax voice samples meanwhile. */
  heat: number;
  /** The id that would go on with the loop; out if anything else is allowed. */
  banned: number | undefined;
}

/** The first loop warms by half, each further one within the memory by as much again, up to this factor. */
const MOST_HEAT = 3;
/** An escape lasts two rounds of the phrase, and at least this many tokens. */
const LEAST_TOKENS = 16;

/**
 * Leads one voice out of loops. A network that has fallen into one is certain of itself: what it has just said makes the
 * next round only likelier. So the token that would go on with it is taken out, and for a while the choice is freer; a
 * phrase that comes back whole meanwhile is broken again.
 */
export class LoopEscape {
  readonly #tracker: LoopTracker;
  #count = 0;
  #level = 0;
  #period = 0;
  #until = -1;

  /** Times that a loop was found. */
  escapes = 0;

  constructor(criteria?: LoopCriteria) {
    this.#tracker = new LoopTracker(criteria);
  }

  push(id: number): void {
    this.#tracker.push(id);
    this.#count++;
  }

  /** What to do at the next token; undefined while all is well. */
  next(): Escape | undefined {
    const active = this.#count < this.#until;
    const found = this.#tracker.loop;
    if (!active && found === undefined) return undefined;
    if (!active && found !== undefined) this.#begin(found.period);
    const whole = this.#tracker.run(this.#period) >= this.#period;
    const heat = Math.min(MOST_HEAT, 1 + this.#level / 2);
    return { heat, banned: whole ? this.#tracker.continuation(this.#period) : undefined };
  }

  #begin(period: number): void {
    const length = Math.max(LEAST_TOKENS, 2 * period);
    const recently = this.#until >= 0 && this.#count - this.#until < 8 * length;
    this.#level = recently ? this.#level + 1 : 1;
    this.#period = period;
    this.#until = this.#count + length * this.#level;
    this.escapes++;
  }
}
