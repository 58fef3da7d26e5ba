import { seeded } from '../seeded.js';

/** Share of the conditions that training pieces go without, if the options say nothing. */
export const DEFAULT_DROPOUT = 0.1;

/** Leaves out some conditions of training pieces, so that a model also learns pieces that are not told everything. */
export class ConditionDropout {
  private readonly random: () => number;

  /** @param share of the conditions, each drawn by itself in the order of the pieces */
  constructor(
    private readonly share: number,
    seed: number,
  ) {
    this.random = seeded(seed ^ 0x5eed);
  }

  /** `ids` without some of its first `prefix` ones; the first `kept` of these stay. */
  apply(ids: Uint32Array, prefix: number, kept = 0): Uint32Array {
    if (prefix <= kept || this.share === 0) return ids;
    const stays = Array.from({ length: prefix }, (_, i) => i < kept || this.random() >= this.share);
    return ids.filter((_, i) => i >= prefix || stays[i]);
  }
}
