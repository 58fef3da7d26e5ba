import { type Score, skylineMelody, type Tokenizer } from '@rondo/tokenizer';
import { GeneratorError } from '../errors.js';

/** The highest voice of a score as a score of one track. @throws GeneratorError RONDO_GENERATOR_OPTION without notes */
export function oneVoice(score: Score): Score {
  const notes = skylineMelody(score);
  const track = score.tracks.find(({ isDrum }) => !isDrum);
  if (notes.length === 0 || track === undefined) {
    throw new GeneratorError('RONDO_GENERATOR_OPTION', 'harmonise: the file holds no pitched note, so no melody');
  }
  return { ...score, tracks: [{ ...track, notes, pedals: [] }] };
}

/** The melody on an instrument that the vocabulary knows, where it does not know its own. */
export function spellable(melody: Score, { scheme, vocabulary }: Tokenizer): Score {
  if (scheme.name !== 'remi' || scheme.config.programs === false) return melody;
  const knows = (program: number) => vocabulary.id(`Program_${program}`) !== undefined;
  const known = Array.from({ length: 128 }, (_, program) => program).find(knows);
  if (known === undefined || knows(melody.tracks[0].program)) return melody;
  return { ...melody, tracks: melody.tracks.map((track) => ({ ...track, program: known })) };
}
