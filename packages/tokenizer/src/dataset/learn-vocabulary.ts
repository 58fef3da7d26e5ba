import { setImmediate as breathe } from 'node:timers/promises';
import { GAP } from '../tokenizer/linked-ids.js';
import { learnMerges } from '../tokenizer/learn-merges.js';
import type { Merge } from '../tokenizer/merge-table.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { DatasetError, refuseAborted } from './dataset-error.js';
import { seeded } from '../seeded.js';
import type { Spool } from './spool.js';
import type { PrepareOptions } from './types.js';

/** Merges are learned from about so many ids, drawn by whole pieces: memory stays the same for any corpus. */
const SAMPLE_IDS = 2_000_000;
const MERGES_PER_BREATH = 64;

/** Schemes whose tokens may be merged: the others count frames or keep the tutorial's names. */
const SCHEMES: readonly string[] = ['remi', 'performance'];
const LARGEST = 65_536; // ids of two bytes

/** @throws DatasetError RONDO_DATASET_OPTION for a size, or a scheme, that cannot be. */
export function checkMerging(scheme: string, { bpe }: PrepareOptions): void {
  if (bpe === undefined) return;
  if (!Number.isInteger(bpe) || bpe < 1 || bpe > LARGEST) {
    throw wrong(`expected a size of the vocabulary with merged tokens from 1 to ${LARGEST}, got ${bpe}`);
  }
  if (!SCHEMES.includes(scheme)) throw wrong(`tokens are merged in ${SCHEMES.join(' and ')}, not in "${scheme}"`);
}

/**
 * Byte-pair merges of the training pieces, up to a vocabulary of `size`; fewer where no pair comes twice any more.
 * @param renumber an id of the spool → an id of the tokenizer
 * @throws DatasetError RONDO_DATASET_OPTION if the plain vocabulary is that large already, RONDO_DATASET_ABORTED.
 */
export async function learnVocabulary(
  spool: Spool,
  renumber: Int32Array,
  { vocabulary, scheme }: Tokenizer,
  size: number,
  { seed = 0, signal }: PrepareOptions,
): Promise<Merge[]> {
  if (size <= vocabulary.size) {
    throw wrong(`the vocabulary has ${vocabulary.size} tokens before any merge: ask for more than that, not ${size}`);
  }
  const bar = scheme.barStart === undefined ? undefined : vocabulary.id(scheme.barStart);
  const opening = new Set(bar === undefined ? [] : [bar]);
  const merges: Merge[] = [];
  for (const merge of learnMerges(sampleIds(spool, renumber, seed), vocabulary.size, opening)) {
    merges.push(merge);
    if (merges.length === size - vocabulary.size) break;
    if (merges.length % MERGES_PER_BREATH > 0) continue;
    await breathe();
    refuseAborted(signal);
  }
  return merges;
}

/** Music of training pieces, all of it or a part that the seed draws, with gaps between pieces. */
function sampleIds(spool: Spool, renumber: Int32Array, seed: number): Int32Array {
  let total = 0;
  for (const { length } of spool.pieces.of('train')) total += length;
  const random = seeded(seed ^ 0xb9e);
  const chosen: Uint32Array[] = [];
  for (const piece of spool.pieces.of('train')) {
    if (random() * total >= SAMPLE_IDS) continue;
    chosen.push(spool.read(piece).subarray(piece.prefix));
  }
  const ids = new Int32Array(chosen.reduce((sum, { length }) => sum + length + 1, 0)).fill(GAP);
  let at = 0;
  for (const piece of chosen) {
    for (const id of piece) ids[at++] = renumber[id];
    at += 1;
  }
  return ids;
}

function wrong(message: string): DatasetError {
  return new DatasetError('RONDO_DATASET_OPTION', message);
}
