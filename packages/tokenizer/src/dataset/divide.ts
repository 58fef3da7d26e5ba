import { seeded } from '../seeded.js';
import { DatasetError } from './dataset-error.js';
import type { PrepareOptions, SplitName } from './types.js';

const DEFAULT_SPLIT = [80, 10, 10] as const;

/**
 * The split of each of `count` pieces: shares in any unit for train, valid and test, drawn with the seed.
 * Every split with a share gets at least one piece as long as training keeps one.
 */
export function dividePieces(count: number, shares: readonly [number, number, number], seed: number): SplitName[] {
  const sum = shares[0] + shares[1] + shares[2];
  if (shares.some((share) => !(share >= 0)) || !(shares[0] > 0) || !Number.isFinite(sum)) {
    throw new DatasetError(
      'RONDO_DATASET_OPTION',
      `expected shares of train/valid/test such as 80/10/10 with something for train, got ${shares.join('/')}`,
    );
  }
  const order = Array.from({ length: count }, (_, i) => i);
  const random = seeded(seed);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const names = new Array<SplitName>(count).fill('train');
  const size = (share: number, left: number): number =>
    share === 0 ? 0 : Math.min(left, Math.max(1, Math.round((count * share) / sum)));
  const valid = size(shares[1], Math.max(0, count - 1));
  const test = size(shares[2], Math.max(0, count - 1 - valid));
  for (const piece of order.slice(0, valid)) names[piece] = 'valid';
  for (const piece of order.slice(valid, valid + test)) names[piece] = 'test';
  return names;
}

/**
 * How the inputs are divided, null if they all train: a given `valid` leaves nothing to divide, a given `test` leaves
 * validation to be taken, and a `split` asked for says it all, but for what is given.
 */
export function sharesOf({ split, valid, test }: PrepareOptions): [number, number, number] | null {
  if (valid !== undefined && (test !== undefined || split === undefined)) return null;
  const [trainShare, validShare, testShare] = split ?? DEFAULT_SPLIT;
  return [trainShare, valid === undefined ? validShare : 0, test === undefined ? testShare : 0];
}
