import type { Score, Tokenizer } from '@rondo/tokenizer';
import { steeredScore } from '../music/steered-score.js';
import { type Random } from '../random.js';
import { openPath } from '../steering/open.js';
import { checkWishes, type Obeyed } from '../steering/report.js';
import type { Wishes } from '../steering/wishes.js';

export interface Walk {
  readonly ids: number[];
  readonly score: Score;
  readonly obeyed: Obeyed[];
}

/**
 * A piece by drawing evenly among everything that is allowed: what an untrained model would do, and harder on the masks
 * than any trained one. Throws where nothing is allowed.
 * @param hurry from this token on the exits are taken, so that long waits for an end by chance do not happen
 */
export function randomWalk(tokenizer: Tokenizer, wishes: Wishes, random: Random, most = 3000): Walk {
  const start = tokenizer.bos === undefined ? [] : [tokenizer.bos];
  const path = openPath(tokenizer, wishes, start);
  const ids = [...start];
  const mask = new Uint8Array(tokenizer.vocabulary.size);
  while (!path.complete) {
    path.mask(mask);
    const allowed = [...mask.keys()].filter((id) => mask[id] === 1);
    const safe = ids.length > most ? allowed : shuffled(allowed, random);
    const id = safe.find((candidate) => path.isSafe(candidate));
    if (id === undefined) throw new Error(`dead end after ${tokenizer.tokens(ids).slice(-12).join(' ')}`);
    if (ids.length > 4 * most) throw new Error('no end');
    path.push(id);
    ids.push(id);
  }
  const decoded = tokenizer.decode(ids);
  const { ticksPerQuarter } = decoded;
  const [from, end] = [path.startTick(ticksPerQuarter), path.endTick(ticksPerQuarter)];
  const tellsLengths = tokenizer.scheme.name !== 'chord' || tokenizer.scheme.config.durations === true;
  const score = steeredScore(decoded, wishes, { from, end, tellsLengths });
  return { ids, score, obeyed: checkWishes(score, wishes, from) };
}

function shuffled(ids: readonly number[], random: Random): number[] {
  const out = [...ids];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
