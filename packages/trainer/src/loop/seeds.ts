import { Permutation } from '../batches/permutation.js';
import type { PieceSource } from '../batches/piece-source.js';
import type { TrainSettings } from '../presets/settings.js';

/** Windows that travel with a model, for priming. */
const SEED_WINDOWS = 8;

/**
 * A few windows of the training data, from different pieces, chosen by the seed: beginnings of pieces for `all`, windows
 * from anywhere for `last` (which generates from a whole window).
 */
export function pickSeeds(source: PieceSource, { objective, sequence, seed }: TrainSettings): Int32Array[] {
  const order = new Permutation(source.count, [seed, 0x5eed]);
  const seeds: Int32Array[] = [];
  for (let place = 0; place < source.count && seeds.length < SEED_WINDOWS; place++) {
    const piece = order.at(place);
    const length = source.length(piece);
    if (objective === 'last' && length <= sequence) continue;
    const starts = objective === 'last' ? length - sequence : 1;
    const window = new Int32Array(Math.min(sequence, length));
    source.read(piece, new Permutation(starts, [seed, piece]).at(0), window.length, window, 0);
    if (window.length > 0) seeds.push(window);
  }
  return seeds;
}
