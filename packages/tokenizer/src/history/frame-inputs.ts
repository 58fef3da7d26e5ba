import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { FrameHistory, type FrameIds } from './frame-history.js';
import type { HistoryInput, KnownHistory } from './history.js';

/** More voices than chorales and tunes have; whatever stands further back counts as the last place. */
const PLACES = 16;
/** Divides into bars of 2, 3, 4, 6, 8, 12 and 16 frames. */
const BEATS = 48;
/** Steps of likeness of the passage that repeats. */
const TRUST = 9;
/** Divides into strains of 24, 32, 48, 64 and 96 frames. */
const SPAN = 192;
/** Frames that a chord or a note of the melody lasts, at most, to be told apart. */
const [CHORD, NOTE] = [33, 17];
/** Frames after which strains of tunes and phrases of songs come again: four or eight bars of 6, 8 or 12 frames, or twice that. */
const STRAINS = [24, 32, 48, 64, 96, 128];

/** What tokens of frames say; undefined for schemes without frames. */
export function frameInputs(tokenizer: Tokenizer): KnownHistory | undefined {
  const ids = frameIds(tokenizer);
  if (ids === undefined) return undefined;
  const size = ids.vocabulary + 1;
  const inputs: HistoryInput<FrameHistory>[] = [
    { name: 'place', size: PLACES, read: ({ place }) => Math.min(place, PLACES - 1) },
    { name: 'beat', size: BEATS, read: ({ frame }) => frame % BEATS },
    { name: 'above', size, read: ({ above }) => above },
    { name: 'repeat', size, read: ({ repeat }) => repeat },
    { name: 'trust', size: TRUST, read: ({ likeness }) => Math.min(likeness >> 5, TRUST - 1) },
    { name: 'span', size: SPAN, read: ({ frame }) => frame % SPAN },
    { name: 'topStood', size: NOTE, read: ({ topStood }) => Math.min(topStood, NOTE - 1) },
    { name: 'bassStood', size: CHORD, read: ({ bassStood }) => Math.min(bassStood, CHORD - 1) },
    { name: 'bassStoodBefore', size: CHORD, read: ({ bassStoodBefore }) => Math.min(bassStoodBefore, CHORD - 1) },
    { name: 'strain', size, read: ({ strain }) => strain },
    { name: 'strainTrust', size: TRUST, read: ({ strainLikeness }) => Math.min(strainLikeness >> 5, TRUST - 1) },
    ...STRAINS.map((frames) => ({
      name: `back${frames}`,
      size,
      read: (history: FrameHistory) => history.back(frames),
    })),
  ];
  return { inputs, open: () => new FrameHistory(ids) };
}

function frameIds({ scheme, vocabulary, bos }: Tokenizer): FrameIds | undefined {
  const frameEnd = scheme.frameEnd === undefined ? undefined : vocabulary.id(scheme.frameEnd);
  if (frameEnd === undefined) return undefined;
  const pitches = Int16Array.from(vocabulary.tokens, (token) =>
    Number(/^(?:Pitch|Hold)_(\d+)$/.exec(token)?.[1] ?? -1),
  );
  return { vocabulary: vocabulary.size, frameEnd, bos, pitches };
}
