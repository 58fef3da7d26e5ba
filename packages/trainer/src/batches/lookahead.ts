/**
 * An iterator that can be asked to make its next item early: the trainer reads the next batch from disk while the engine
 * works on this one. A failure while preparing surfaces when the item is taken.
 */
export class Lookahead<Item> {
  #ready: { result: IteratorResult<Item, undefined> } | { error: unknown } | undefined;

  constructor(private readonly items: Iterator<Item, undefined>) {}

  /** Makes the next item now, unless it is there already. Never throws. */
  prepare(): void {
    if (this.#ready !== undefined) return;
    try {
      this.#ready = { result: this.items.next() };
    } catch (error) {
      this.#ready = { error };
    }
  }

  /** The next item, where it has been prepared without a failure. */
  get prepared(): Item | undefined {
    return this.#ready !== undefined && 'result' in this.#ready ? this.#ready.result.value : undefined;
  }

  /** The next item, or undefined at the end. Throws what making it threw. */
  take(): Item | undefined {
    this.prepare();
    const ready = this.#ready as { result: IteratorResult<Item, undefined> } | { error: unknown };
    this.#ready = undefined;
    if ('error' in ready) throw ready.error;
    return ready.result.value;
  }
}
