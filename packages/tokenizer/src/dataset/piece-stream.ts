import type { Split } from './types.js';

/** The ids of each piece of a split, one after another. The array is reused: copy what is to be kept. */
export function* pieceIds(split: Split): Generator<Int32Array> {
  let buffer = new Int32Array(0);
  for (const { offset, length } of split.pieces) {
    if (buffer.length < length) buffer = new Int32Array(Math.max(length, 2 * buffer.length));
    split.read(offset, length, buffer);
    yield buffer.subarray(0, length);
  }
}
