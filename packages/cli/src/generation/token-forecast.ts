/** Before anything is known, a piece is not said to be longer than a thousand times what there is. */
const LEAST_SHARE = 1e-3;

/** How many tokens all pieces together will have, as far as can be told from how much of each is done. */
export class TokenForecast {
  readonly #places: number[] = [];
  #done = 0;

  /** @param pieces how many are made at once, at least */
  constructor(private readonly pieces: number) {}

  /** Takes one more token. @returns tokens so far, and of all pieces together */
  add({ variation, place }: { readonly variation: number; readonly place: number }): { done: number; total: number } {
    this.#done++;
    this.#places[variation] = place;
    const share = this.#places.reduce((sum, one) => sum + (one ?? 0), 0) / Math.max(this.pieces, this.#places.length);
    return { done: this.#done, total: Math.max(this.#done, Math.round(this.#done / Math.max(share, LEAST_SHARE))) };
  }
}
