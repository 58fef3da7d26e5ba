/**
 * All runs of a row of numbers; each state is a set of runs that end at the same places.
 * Source: Blumer et al. 1985, "The smallest automaton recognizing the subwords of a text".
 */
export class SuffixAutomaton {
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

  /** The state and length of the longest run that ends with one more number, after those of the run before it. */
  advance(state: number, length: number, number: number): { state: number; length: number } {
    for (let [at, matched] = [state, length]; ; [at, matched] = [this.links[at], this.lengths[this.links[at]]]) {
      const next = this.next[at].get(number);
      if (next !== undefined) return { state: next, length: matched + 1 };
      if (at === 0) return { state: 0, length: 0 };
    }
  }

  /** The place at which the runs of a state first end. */
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
