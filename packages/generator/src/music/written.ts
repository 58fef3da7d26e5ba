import type { Score, Tokenizer } from '@rondo/tokenizer';
import type { Plan } from '../options.js';
import { spellable } from '../steering/melody.js';
import { checkWishes, type Obeyed } from '../steering/report.js';
import { DRUMS } from '../steering/instruments.js';
import type { Voice } from '../voice.js';
import { cleanScore } from './clean-score.js';
import { fourParts, withAdded } from './parts.js';
import { withPrimeKey } from './prime-key.js';
import { steeredScore, withKey } from './steered-score.js';

/**
 * The score of a finished voice as it is written, and whether it obeys what was asked for.
 * @param tokens its tokens, decoded
 */
export function written(
  voice: Voice,
  tokens: Score,
  tokenizer: Tokenizer,
  { wishes, prime, includePrime }: Plan,
): { score: Score; obeyed: Obeyed[] } {
  const { guide, limit } = voice;
  const decoded = includePrime ? withPrimeKey(tokens, prime, tokenizer) : tokens;
  if (wishes === undefined) return { score: cleanScore(decoded, limit.endTick(decoded)), obeyed: [] };
  const { melody, given, instruments = [] } = wishes;
  if (melody !== undefined) {
    const read = tokenizer.scheme.quantise(spellable(melody, tokenizer));
    const score = withKey(fourParts(cleanScore(decoded), melody, read, tokenizer.scheme.name === 'remi'), wishes);
    return { score, obeyed: checkWishes(score, wishes, 0, (track) => track.name !== 'Soprano') };
  }
  if (given !== undefined) {
    const score = withKey(withAdded(cleanScore(decoded), given, tokenizer.scheme.quantise(given)), wishes);
    const isNew = new Set(score.tracks.slice(given.tracks.length));
    const own = (track: Score['tracks'][number]) =>
      isNew.has(track) && instruments.some(({ groups }) => groups.includes(track.isDrum ? DRUMS : track.program));
    return { score, obeyed: checkWishes(score, wishes, 0, own) };
  }
  const { ticksPerQuarter } = decoded;
  const [from, end] = [guide.startTick(ticksPerQuarter), guide.endTick(ticksPerQuarter)];
  const score = steeredScore(decoded, wishes, { from, end, tellsLengths: tellsLengths(tokenizer) });
  return { score, obeyed: checkWishes(score, wishes, from) };
}

/** Only plain chords leave the length of a note to the decoder. */
function tellsLengths({ scheme }: Tokenizer): boolean {
  return scheme.name !== 'chord' || scheme.config.durations === true;
}
