import { createHash } from 'node:crypto';
import type { Score } from '../score/score.js';

const GRID = 96; // steps per quarter: files at different resolutions compare equal

/**
 * Hash of what is played: pitch, start and length of every note, in any order and track, percussion apart from pitched
 * notes. Tempo, velocity, instruments and names do not count: a copy with another title is a copy.
 */
export function noteContentHash(score: Score): string {
  const rows: number[] = [];
  const step = (tick: number): number => Math.round((tick * GRID) / score.ticksPerQuarter);
  for (const track of score.tracks) {
    for (const { tick, duration, pitch } of track.notes) {
      // 34 bits of time, 8 of pitch with the drum flag: exact in a double. Lengths join below.
      rows.push(step(tick) * 256 + (track.isDrum ? 128 : 0) + pitch, step(duration));
    }
  }
  const order = Array.from({ length: rows.length / 2 }, (_, i) => i);
  order.sort((a, b) => rows[2 * a] - rows[2 * b] || rows[2 * a + 1] - rows[2 * b + 1]);
  const sorted = Float64Array.from(order.flatMap((i) => [rows[2 * i], rows[2 * i + 1]]));
  return createHash('sha256').update(new Uint8Array(sorted.buffer)).digest('hex').slice(0, 32);
}
