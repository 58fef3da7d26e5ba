import { PairCounts, PairTable, type PairTallies } from './pair-counts.js';

/** A stream of pieces, each an array of ids; arrays may be reused between pieces. */
export type PieceStream = Iterable<Int32Array>;

const WEIGHTS = Array.from({ length: 20 }, (_, i) => i / 20);
const BUCKETS = 24; // contexts by the power of two of their count
/** Pairs held at a time: 32 MiB. */
const MOST_PAIRS = 1_500_000;
const PIECES_PER_BREATH = 256;

/** Training pieces that the counts are made from. */
export interface NgramTraining {
  /** Gives the pieces anew at each call. */
  readonly pieces: () => PieceStream;
  readonly vocabulary: number;
  /** Which pieces set the weights; copies of one piece belong on one side. */
  readonly heldBack: (piece: number) => boolean;
  /** Pairs held in memory at a time; more of them take more passes over the pieces, the result is the same. */
  readonly mostPairs?: number;
  /** Called now and then, to let others work or to throw. */
  readonly breathe?: () => Promise<void>;
}

/** Contexts from (included) … to (not included). */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Tallies of pairs: all of them, and those of pieces that are held back. */
const [ALL, HELD] = [0, 1] as const;

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
  private unigrams: Unigrams;
  private readonly weights = new Float64Array(BUCKETS).fill(0.5);
  /** Ranges of contexts whose pairs fit in memory, and the one that is there. */
  private readonly ranges: Range[] = [];
  private pairs: PairTallies;
  private loaded: Range = { from: 0, to: 0 };

  private constructor(private readonly training: NgramTraining) {
    this.unigrams = new Unigrams(training.vocabulary);
    this.pairs = new PairCounts(training.vocabulary); // until the first ones are loaded
  }

  static async fit(training: NgramTraining): Promise<NgramModel> {
    const model = new NgramModel(training);
    const held = new Unigrams(training.vocabulary);
    const fits = Array.from({ length: BUCKETS }, () => new Float64Array(WEIGHTS.length));
    for (let from = 0; from < training.vocabulary; from = model.loaded.to) {
      const count =
        from > 0 ? undefined : (ids: Int32Array, isHeld: boolean) => (isHeld ? held : model.unigrams).count(ids);
      await model.load({ from, to: training.vocabulary }, count);
      model.ranges.push(model.loaded);
      model.tryWeights(fits);
    }
    model.setWeights(fits);
    model.unigrams.add(held);
    return model;
  }

  unigram(id: number): number {
    return this.unigrams.probability(id);
  }

  /** For contexts whose pairs are in memory: all of them, if there are not more than `mostPairs` pairs. */
  bigram(previous: number, id: number): number {
    if (previous < this.loaded.from || previous >= this.loaded.to) {
      throw new RangeError(`the pairs of ${previous} are not in memory: use score()`);
    }
    const context = this.unigrams.contexts[previous];
    if (context === 0) return this.unigram(id);
    const weight = this.weights[bucketOf(context)];
    const relative = this.pairs.get(previous, id, ALL) / context;
    return weight * relative + (1 - weight) * this.unigram(id);
  }

  /** Nats per token over held-out pieces (given anew at each call); null if they hold nothing to score. */
  async score(pieces: () => PieceStream): Promise<{ unigram: number; bigram: number; tokens: number } | null> {
    let [unigram, bigram, tokens] = [0, 0, 0];
    await this.over(pieces, (ids) => {
      for (let i = 1; i < ids.length; i += 1) unigram -= Math.log(this.unigram(ids[i]));
      tokens += Math.max(0, ids.length - 1);
    });
    for (const range of this.ranges) {
      if (range !== this.loaded) await this.load(range);
      await this.over(pieces, (ids) => {
        for (let i = 1; i < ids.length; i += 1) {
          if (this.isLoaded(ids[i - 1])) bigram -= Math.log(this.bigram(ids[i - 1], ids[i]));
        }
      });
    }
    return tokens === 0 ? null : { unigram: unigram / tokens, bigram: bigram / tokens, tokens };
  }

  /**
   * Counts the pairs of contexts in `wanted`, or of as many from its start on as there is room for.
   * @param also what else is to be done with each piece on the way
   */
  private async load(wanted: Range, also?: (ids: Int32Array, isHeld: boolean) => void): Promise<void> {
    const { vocabulary, mostPairs = MOST_PAIRS } = this.training;
    this.pairs = vocabulary ** 2 <= mostPairs ? new PairTable(vocabulary) : new PairCounts(vocabulary);
    this.loaded = wanted;
    await this.each((ids, isHeld) => {
      also?.(ids, isHeld);
      for (let i = 1; i < ids.length; i += 1) {
        if (!this.isLoaded(ids[i - 1])) continue;
        this.pairs.add(ids[i - 1], ids[i], ALL);
        if (isHeld) this.pairs.add(ids[i - 1], ids[i], HELD);
        if (this.pairs.size > mostPairs) this.shrink();
      }
    });
  }

  /** Half of the contexts wait for another pass. One context alone has at most as many pairs as there are ids. */
  private shrink(): void {
    const { from, to } = this.loaded;
    if (to - from === 1) return;
    this.loaded = { from, to: from + Math.ceil((to - from) / 2) };
    this.pairs.cut(this.loaded.to);
  }

  private isLoaded(context: number): boolean {
    return context >= this.loaded.from && context < this.loaded.to;
  }

  /** Adds the log-likelihood of the held-back pairs under every weight to the rows of their contexts' buckets. */
  private tryWeights(fits: readonly Float64Array[]): void {
    this.pairs.forEach((previous, id, all, held) => {
      if (held === 0) return;
      const fit = fits[bucketOf(this.unigrams.contexts[previous])];
      const relative = (all - held) / Math.max(1, this.unigrams.contexts[previous]);
      const unigram = this.unigram(id);
      for (const [k, weight] of WEIGHTS.entries()) {
        fit[k] += held * Math.log(weight * relative + (1 - weight) * unigram);
      }
    });
  }

  private setWeights(fits: readonly Float64Array[]): void {
    let weight = 0.5;
    for (const [bucket, fit] of fits.entries()) {
      const best = Math.max(...fit);
      if (best < 0) weight = WEIGHTS[fit.indexOf(best)];
      this.weights[bucket] = weight; // a bucket into which nothing fell takes after the one below
    }
  }

  private async each(take: (ids: Int32Array, isHeld: boolean) => void): Promise<void> {
    const { pieces, heldBack } = this.training;
    await this.over(pieces, (ids, piece) => take(ids, heldBack(piece)));
  }

  private async over(pieces: () => PieceStream, take: (ids: Int32Array, piece: number) => void): Promise<void> {
    let piece = 0;
    for (const ids of pieces()) {
      take(ids, piece);
      piece += 1;
      if (piece % PIECES_PER_BREATH === 0) await this.training.breathe?.();
    }
  }
}

/** Counts of single ids, as targets and as contexts. */
class Unigrams {
  readonly contexts: Float64Array;
  private readonly targets: Float64Array;
  private total = 0;

  constructor(private readonly vocabulary: number) {
    this.contexts = new Float64Array(vocabulary);
    this.targets = new Float64Array(vocabulary);
  }

  count(ids: Int32Array): void {
    for (let i = 1; i < ids.length; i += 1) {
      this.contexts[ids[i - 1]] += 1;
      this.targets[ids[i]] += 1;
      this.total += 1;
    }
  }

  add({ contexts, targets, total }: Unigrams): void {
    for (let id = 0; id < this.vocabulary; id += 1) {
      this.contexts[id] += contexts[id];
      this.targets[id] += targets[id];
    }
    this.total += total;
  }

  probability(id: number): number {
    return (this.targets[id] + 0.5) / (this.total + this.vocabulary / 2);
  }
}

function bucketOf(count: number): number {
  return Math.min(BUCKETS - 1, Math.floor(Math.log2(count + 1)));
}
