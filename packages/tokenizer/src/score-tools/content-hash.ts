import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Score } from '../score/score.js';

const GRID = 96; // steps per quarter: files at different resolutions compare equal

/**
 * Hash of what is played: pitch, start and length of every note, in any order and track, percussion apart from pitched
 * notes. Tempo, velocity, instruments and names do not count: a copy with another title is a copy.
 * @param sha256 the digest as bytes, for callers that have a faster one than that of this package
 * @returns 32 hexadecimal digits
 */
export function noteContentHash(score: Score, sha256: (bytes: Uint8Array) => Uint8Array = portableSha256): string {
  const count = score.tracks.reduce((sum, { notes }) => sum + notes.length, 0);
  const [keys, lengths] = [new Float64Array(count), new Float64Array(count)];
  const step = (tick: number): number => Math.round((tick * GRID) / score.ticksPerQuarter);
  let row = 0;
  for (const track of score.tracks) {
    for (const { tick, duration, pitch } of track.notes) {
      // 34 bits of time, 8 of pitch with the drum flag: exact in a double.
      keys[row] = step(tick) * 256 + (track.isDrum ? 128 : 0) + pitch;
      lengths[row++] = step(duration);
    }
  }
  return bytesToHex(sha256(sortedRows(keys, lengths))).slice(0, 32);
}

/** Keys and lengths in pairs, in rising order, as little-endian doubles. */
function sortedRows(keys: Float64Array, lengths: Float64Array): Uint8Array {
  const order = Uint32Array.from(keys, (_, i) => i).sort((a, b) => keys[a] - keys[b] || lengths[a] - lengths[b]);
  const rows = new DataView(new ArrayBuffer(16 * keys.length));
  for (const [place, row] of order.entries()) {
    rows.setFloat64(16 * place, keys[row], true);
    rows.setFloat64(16 * place + 8, lengths[row], true);
  }
  return new Uint8Array(rows.buffer);
}
