import { LOOP_CRITERIA, type LoopCriteria, LoopTracker } from './loop-detection.js';

/** What the sampler is to do differently while a voice gets out of a loop. */
export interface Escape {
  /** Multiplies the temperature; an argmax voice samples meanwhile. 1 at a first escape. */
  heat: number;
  /** The id that would go on with the loop; out if anything else is allowed. */
  banned: number | undefined;
}

/** The first escape leaves the temperature alone; each further one within the memory warms by half, up to this factor. */
const MOST_HEAT = 3;
/** What comes back so soon, in rounds of the phrase and in tokens at least, is the same loop. */
const [MEMORY_ROUNDS, LEAST_TOKENS] = [4, 128];
/** For two rounds after the way out, and for so many tokens, a phrase that comes back whole is broken again. */
const [LEAST_WATCH, MOST_WATCH] = [16, 256];
/** What is warmed is warmed no longer than that: more would be no music any more. */
const MOST_WARM = 48;
/** One that is listened to, one in which the loop is left. */
const ROUNDS_TO_LEAVE = 2;
/** A short phrase has been heard so often already that there is no second round to choose a place in. */
const MOST_ROUNDS = 8;
/** By how much the doubt may be less than the greatest of the round before. */
const ABOUT = 1.2;

/**
 * Leads one voice out of loops. A network that has fallen into one is certain of itself: what it has just said makes the
 * next round only likelier. So the token that would go on with it is taken out, at the place of the round where the network
 * is least sure of it: there a way out is music, elsewhere a wrong note. A round is listened to in order to find that place.
 */
export class LoopEscape {
  readonly #tracker: LoopTracker;
  #count = 0;
  #level = 0;
  #period = 0;
  /** Tokens at which the round that is listened to is over. */
  #heard = -1;
  #mostDoubt = 0;
  /** Tokens at which the loop is left wherever it is. */
  #latest = -1;
  /** The loop was left here; −1 while it goes on or there is none. */
  #left = -1;
  /** The last one was left here. */
  #last = -1;

  /** Times that a loop was left. */
  escapes = 0;

  /** @param criteria what counts as a loop; a phrase is left before it has been heard that often */
  constructor(criteria: LoopCriteria = LOOP_CRITERIA) {
    this.#tracker = new LoopTracker({ ...criteria, minRepeats: Math.max(1, criteria.minRepeats - ROUNDS_TO_LEAVE) });
  }

  push(id: number): void {
    this.#tracker.push(id);
    this.#count++;
  }

  /**
   * What to do at the next token; undefined while all is well.
   * @param doubt probability that the next id is another one, of those that may come; 0 where no other may
   */
  next(doubt: (id: number) => number): Escape | undefined {
    const inside = this.#period > 0 && this.#left < 0 && this.#tracker.run(this.#period) >= this.#period;
    if (this.#left >= 0 && this.#count < this.#left + this.#watched) return this.#watch(doubt);
    if (!inside && !this.#enter()) return undefined;
    const id = this.#tracker.continuation(this.#period);
    const here = doubt(id);
    if (this.#count < this.#heard) {
      this.#mostDoubt = Math.max(this.#mostDoubt, here);
      return undefined;
    }
    // The place may not come again quite as it was.
    const isPlace = here * ABOUT >= this.#mostDoubt || this.#count >= this.#latest;
    if (here === 0 || !isPlace) return undefined;
    this.#left = this.#last = this.#count;
    this.escapes++;
    return { heat: this.#heat, banned: id };
  }

  /** Whether there is a loop, which is then the one that is listened to. */
  #enter(): boolean {
    const found = this.#tracker.loop;
    if (found === undefined) {
      if (this.#left < 0) this.#period = 0; // it has ended by itself
      return false;
    }
    const { period, length } = found;
    const memory = Math.max(LEAST_TOKENS, MEMORY_ROUNDS * period);
    this.#level = this.#last >= 0 && this.#count - this.#last < memory ? this.#level + 1 : 1;
    this.#period = period;
    this.#heard = this.#count + period;
    this.#latest = this.#heard + (length + 2 * period < MOST_ROUNDS * period ? period - 1 : 0);
    this.#mostDoubt = 0;
    this.#left = -1;
    return true;
  }

  get #heat(): number {
    return Math.min(MOST_HEAT, (1 + this.#level) / 2);
  }

  /** Tokens after the way out in which the phrase may not come back. */
  get #watched(): number {
    return Math.min(MOST_WATCH, Math.max(LEAST_WATCH, 2 * this.#period));
  }

  #watch(doubt: (id: number) => number): Escape | undefined {
    const whole = this.#tracker.run(this.#period) >= this.#period;
    const id = whole ? this.#tracker.continuation(this.#period) : undefined;
    const banned = id !== undefined && doubt(id) > 0 ? id : undefined;
    const heat = this.#count < this.#left + MOST_WARM ? this.#heat : 1;
    return banned === undefined && heat === 1 ? undefined : { heat, banned };
  }
}
