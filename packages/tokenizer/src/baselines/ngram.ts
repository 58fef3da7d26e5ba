/** A stream of pieces, each an array of ids; arrays may be reused between pieces. */
export type PieceStream = Iterable<Int32Array>;

/**
 * Unigram and bigram models with interpolated absolute discounting (Ney, Essen & Kneser 1994):
 *
 *     P(w)     = max(c(w) − d₁, 0) / N     + d₁ · T / N · 1/V
 *     P(w | v) = max(c(v,w) − d₂, 0) / c(v) + d₂ · T(v) / c(v) · P(w)
 *
 * c counts, N all tokens, V vocabulary, T distinct tokens, T(v) distinct tokens after v, dₖ = n₁ / (n₁ + 2 n₂) from the
 * numbers n₁ and n₂ of k-grams seen once and twice. Both add up to one. The first id of a piece (BOS where there is one)
 * is context only: it is neither counted as a target nor scored.
 */
export class NgramModel {
  private total = 0;
  private types = 0;
  private readonly counts: Float64Array;
  private readonly followers: Float64Array;
  private readonly contexts: Float64Array;
  private readonly pairs = new Map<number, number>();
  private unigramDiscount = 0.5;
  private bigramDiscount = 0.5;

  constructor(readonly vocabulary: number) {
    this.counts = new Float64Array(vocabulary);
    this.followers = new Float64Array(vocabulary);
    this.contexts = new Float64Array(vocabulary);
  }

  /** Counts the pieces of the training split. */
  static fit(pieces: PieceStream, vocabulary: number): NgramModel {
    const model = new NgramModel(vocabulary);
    for (const ids of pieces) model.count(ids);
    model.types = model.counts.reduce((types, count) => types + (count > 0 ? 1 : 0), 0);
    model.unigramDiscount = discount(model.counts);
    model.bigramDiscount = discount(model.pairs.values());
    return model;
  }

  private count(ids: Int32Array): void {
    for (let i = 1; i < ids.length; i += 1) {
      const key = ids[i - 1] * this.vocabulary + ids[i];
      const seen = this.pairs.get(key) ?? 0;
      this.pairs.set(key, seen + 1);
      if (seen === 0) this.followers[ids[i - 1]] += 1;
      this.contexts[ids[i - 1]] += 1;
      this.counts[ids[i]] += 1;
      this.total += 1;
    }
  }

  unigram(id: number): number {
    if (this.total === 0) return 1 / this.vocabulary;
    const rest = (this.unigramDiscount * this.types) / this.total / this.vocabulary;
    return Math.max(this.counts[id] - this.unigramDiscount, 0) / this.total + rest;
  }

  bigram(previous: number, id: number): number {
    const context = this.contexts[previous];
    if (context === 0) return this.unigram(id);
    const pair = this.pairs.get(previous * this.vocabulary + id) ?? 0;
    const rest = (this.bigramDiscount * this.followers[previous]) / context;
    return Math.max(pair - this.bigramDiscount, 0) / context + rest * this.unigram(id);
  }

  /** Nats per token over held-out pieces; null if they hold nothing to score. */
  score(pieces: PieceStream): { unigram: number; bigram: number; tokens: number } | null {
    let [unigram, bigram, tokens] = [0, 0, 0];
    for (const ids of pieces) {
      for (let i = 1; i < ids.length; i += 1) {
        unigram -= Math.log(this.unigram(ids[i]));
        bigram -= Math.log(this.bigram(ids[i - 1], ids[i]));
      }
      tokens += Math.max(0, ids.length - 1);
    }
    return tokens === 0 ? null : { unigram: unigram / tokens, bigram: bigram / tokens, tokens };
  }
}

/** n₁ / (n₁ + 2 n₂), kept off 0 and 1 so that unseen events keep some mass and seen ones too. */
function discount(counts: Iterable<number>): number {
  let [once, twice] = [0, 0];
  for (const count of counts) {
    if (count === 1) once += 1;
    else if (count === 2) twice += 1;
  }
  return Math.min(0.95, Math.max(0.05, once / Math.max(1, once + 2 * twice)));
}
