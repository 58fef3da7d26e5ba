/** A stream of pieces, each an array of ids; arrays may be reused between pieces. */
export type PieceStream = Iterable<Int32Array>;

const WEIGHTS = Array.from({ length: 20 }, (_, i) => i / 20);
const BUCKETS = 24; // contexts by the power of two of their count

/**
 * Unigram and bigram models:
 *
 *     P(w)     = (c(w) + ½) / (N + V/2)
 *     P(w | v) = λ · c(v,w) / c(v) + (1 − λ) · P(w)        (Jelinek & Mercer 1980)
 *
 * c counts, N all tokens, V vocabulary. λ depends on the magnitude of c(v) and is the step of 0, 0.05 … 0.95 that suits
 * pieces held back from the counts best; then these are counted as well. The first id of a piece (BOS where there is
 * one) is context only: it is neither counted as a target nor scored.
 */
export class NgramModel {
  private total = 0;
  private readonly counts: Float64Array;
  private readonly contexts: Float64Array;
  private readonly pairs = new Map<number, number>();
  private readonly weights = new Float64Array(BUCKETS).fill(0.5);

  constructor(readonly vocabulary: number) {
    this.counts = new Float64Array(vocabulary);
    this.contexts = new Float64Array(vocabulary);
  }

  /**
   * @param pieces gives the training pieces anew at each call
   * @param heldBack which pieces set the weights; copies of one piece belong on one side
   */
  static fit(pieces: () => PieceStream, vocabulary: number, heldBack: (piece: number) => boolean): NgramModel {
    const model = new NgramModel(vocabulary);
    const each = (held: boolean, take: (ids: Int32Array) => void): void => {
      let piece = 0;
      for (const ids of pieces()) if (heldBack(piece++) === held) take(ids);
    };
    each(false, (ids) => model.count(ids));
    const fits = Array.from({ length: BUCKETS }, () => new Float64Array(WEIGHTS.length));
    each(true, (ids) => model.tryWeights(ids, fits));
    let weight = 0.5;
    for (const [bucket, fit] of fits.entries()) {
      const best = Math.max(...fit);
      if (best < 0) weight = WEIGHTS[fit.indexOf(best)];
      model.weights[bucket] = weight; // a bucket into which nothing fell takes after the one below
    }
    each(true, (ids) => model.count(ids));
    return model;
  }

  private count(ids: Int32Array): void {
    for (let i = 1; i < ids.length; i += 1) {
      const pair = ids[i - 1] * this.vocabulary + ids[i];
      this.pairs.set(pair, (this.pairs.get(pair) ?? 0) + 1);
      this.contexts[ids[i - 1]] += 1;
      this.counts[ids[i]] += 1;
      this.total += 1;
    }
  }

  /** Adds the log-likelihood of a piece under every weight to the row of its contexts' bucket. */
  private tryWeights(ids: Int32Array, fits: readonly Float64Array[]): void {
    for (let i = 1; i < ids.length; i += 1) {
      const fit = fits[bucketOf(this.contexts[ids[i - 1]])];
      const [relative, unigram] = [this.relative(ids[i - 1], ids[i]), this.unigram(ids[i])];
      for (const [k, weight] of WEIGHTS.entries()) fit[k] += Math.log(weight * relative + (1 - weight) * unigram);
    }
  }

  private relative(previous: number, id: number): number {
    return (this.pairs.get(previous * this.vocabulary + id) ?? 0) / Math.max(1, this.contexts[previous]);
  }

  unigram(id: number): number {
    return (this.counts[id] + 0.5) / (this.total + this.vocabulary / 2);
  }

  bigram(previous: number, id: number): number {
    const context = this.contexts[previous];
    if (context === 0) return this.unigram(id);
    const weight = this.weights[bucketOf(context)];
    return weight * this.relative(previous, id) + (1 - weight) * this.unigram(id);
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

function bucketOf(count: number): number {
  return Math.min(BUCKETS - 1, Math.floor(Math.log2(count + 1)));
}
