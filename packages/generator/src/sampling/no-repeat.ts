/** Forbids that a phrase of `length` tokens comes a second time. */
export class NoRepeat {
  readonly #followers = new Map<string, Set<number>>();
  readonly #recent: number[] = [];

  /** @param length tokens of a phrase, ≥ 2 */
  constructor(private readonly length: number) {}

  push(id: number): void {
    if (this.#recent.length === this.length - 1) {
      const key = this.#recent.join();
      const known = this.#followers.get(key);
      if (known === undefined) this.#followers.set(key, new Set([id]));
      else known.add(id);
      this.#recent.shift();
    }
    this.#recent.push(id);
  }

  /** Ids that would end a phrase that was heard before. */
  get banned(): Iterable<number> {
    return this.#followers.get(this.#recent.join()) ?? [];
  }
}
