import type { Score, Tokenizer } from '@rondo/tokenizer';
import type { Prime } from '../options.js';

/**
 * A decoded score with the key signatures of the prime that it begins with, which no tokens tell. They stand where they
 * stood; where tokens do not keep time in quarters (`performance`, `chord`) only a signature that never changes is known.
 */
export function withPrimeKey(score: Score, prime: Prime | undefined, { scheme }: Pick<Tokenizer, 'scheme'>): Score {
  if (typeof prime !== 'object' || !('score' in prime) || score.keySignatures.length > 0) return score;
  const { keySignatures, ticksPerQuarter } = prime.score;
  if (keySignatures.length === 0) return score;
  const keepsQuarters = scheme.name === 'remi' || scheme.name === 'grid';
  if (!keepsQuarters && keySignatures.length > 1) return score;
  const factor = score.ticksPerQuarter / ticksPerQuarter;
  const moved = keySignatures.map((sign) => ({ ...sign, tick: keepsQuarters ? Math.round(sign.tick * factor) : 0 }));
  return { ...score, keySignatures: moved.filter(({ tick }) => tick < Math.max(1, score.endTick)) };
}
