import type { Score } from '../score/score.js';
import { exactNames, onsetEvents, relativeNames, type EventNames, type OnsetEvent } from './onset-events.js';

/** The longest run of onsets that a piece has in common with other ones. */
export interface NoteCopy {
  /** Onsets that are equal, each with the wait before it; 0 where nothing is in common. */
  readonly events: number;
  /** From its first onset to its last. */
  readonly quarters: number;
  /** Where it begins in the piece, in quarters. */
  readonly at: number;
  /** The piece that it stands in; null where there is none. */
  readonly file: string | null;
}

const NONE: NoteCopy = { events: 0, quarters: 0, at: 0, file: null };

/**
 * Finds what a piece copies, note for note: equal keys after equal waits, whatever the lengths and velocities of the notes;
 * with `transposed`, copies in other keys too. Time grows with the pieces compared, memory with the piece alone (suffix
 * automaton, Blumer et al. 1985). Pieces of one style have short runs in common by chance: look at held-out ones too.
 */
export class CopyFinder {
  private readonly automaton = new SuffixAutomaton();
  private readonly numbers = new Map<string, number>();
  private readonly events: OnsetEvent[];
  private readonly names: EventNames;
  private best = NONE;

  constructor(piece: Score, transposed = false) {
    this.names = transposed ? relativeNames : exactNames;
    this.events = onsetEvents(piece);
    for (const name of this.names(this.events).slice(1)) {
      let number = this.numbers.get(name);
      if (number === undefined) this.numbers.set(name, (number = this.numbers.size));
      this.automaton.extend(number);
    }
  }

  /** Compares with one more piece. The first onset of a piece has no wait before it, and is not compared. */
  compare(file: string, piece: Score): void {
    let at = { state: 0, length: 0 };
    for (const name of this.names(onsetEvents(piece)).slice(1)) {
      const number = this.numbers.get(name);
      at = number === undefined ? { state: 0, length: 0 } : this.automaton.advance(at.state, at.length, number);
      if (at.length > this.best.events) this.best = this.copyAt(file, at.state, at.length);
    }
  }

  /** The longest copy so far. */
  get longest(): NoteCopy {
    return this.best;
  }

  private copyAt(file: string, state: number, events: number): NoteCopy {
    const last = this.automaton.endOf(state) + 1;
    const [from, to] = [this.events[last - events + 1].time / 12, this.events[last].time / 12];
    return { events, quarters: to - from, at: from, file };
  }
}

/** All runs of a row of numbers; each state is a set of runs that end at the same places. */
class SuffixAutomaton {
  private readonly next: Map<number, number>[] = [new Map()];
  private readonly links = [-1];
  private readonly lengths = [0];
  /** Place where the runs of a state first end. */
  private readonly ends = [-1];
  private last = 0;
  private count = 0;

  /** Adds a number at the end. */
  extend(number: number): void {
    const added = this.add(this.lengths[this.last] + 1, new Map(), this.count);
    this.count += 1;
    let state = this.last;
    for (; state >= 0 && !this.next[state].has(number); state = this.links[state]) this.next[state].set(number, added);
    this.links[added] = state < 0 ? 0 : this.suffix(state, number);
    this.last = added;
  }

  /** The state and length of the longest run that ends with one more number. */
  advance(state: number, length: number, number: number): { state: number; length: number } {
    for (let [at, matched] = [state, length]; ; [at, matched] = [this.links[at], this.lengths[this.links[at]]]) {
      const next = this.next[at].get(number);
      if (next !== undefined) return { state: next, length: matched + 1 };
      if (at === 0) return { state: 0, length: 0 };
    }
  }

  endOf(state: number): number {
    return this.ends[state];
  }

  /** The state of the longest suffix after `number`; one that ends elsewhere too is divided. */
  private suffix(state: number, number: number): number {
    const target = this.next[state].get(number) as number;
    if (this.lengths[state] + 1 === this.lengths[target]) return target;
    const copy = this.add(this.lengths[state] + 1, new Map(this.next[target]), this.ends[target]);
    this.links[copy] = this.links[target];
    this.links[target] = copy;
    for (let at = state; at >= 0 && this.next[at].get(number) === target; at = this.links[at]) {
      this.next[at].set(number, copy);
    }
    return copy;
  }

  private add(length: number, next: Map<number, number>, end: number): number {
    this.next.push(next);
    this.links.push(0);
    this.ends.push(end);
    return this.lengths.push(length) - 1;
  }
}
