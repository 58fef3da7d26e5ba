import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { FrameHistory, type FrameIds } from './frame-history.js';

/** A whole number that the tokens read so far say of the token to come: what a network can be given beside the last id. */
export interface HistoryInput {
  /** Of the network's input. */
  readonly name: string;
  /** Values are 0 … size − 1. */
  readonly size: number;
  read(history: FrameHistory): number;
}

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

/**
 * What networks over a scheme with frames can be told of the token to come, by name; undefined for other schemes.
 * `place`: tokens of its frame before it. `beat`: frames before its own, modulo 48. `above`: the token at its place in the
 * frame before. `repeat`: the token that stood there after the earlier passage most like the last frames; `trust`: how
 * like that is. V, of `above` and `repeat`, says that there is none.
 */
export function historyInputs(tokenizer: Tokenizer): Readonly<Record<string, HistoryInput>> | undefined {
  const ids = frameIds(tokenizer);
  if (ids === undefined) return undefined;
  const size = ids.vocabulary + 1;
  const inputs: HistoryInput[] = [
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
  return Object.fromEntries(inputs.map((input) => [input.name, input]));
}

/** Some of these inputs, and the histories that they are read from. */
export interface HistoryFeed {
  readonly inputs: readonly HistoryInput[];
  /** The empty history of a piece. */
  open(): FrameHistory;
}

/**
 * The feed of a network's inputs: all of them are known by name and have the size that the tokenizer gives them.
 * @returns undefined where one is not
 */
export function historyFeed(
  tokenizer: Tokenizer,
  inputs: readonly { name: string; vocabulary: number }[],
): HistoryFeed | undefined {
  const [known, ids] = [historyInputs(tokenizer), frameIds(tokenizer)];
  if (known === undefined || ids === undefined) return undefined;
  const found = inputs.filter(({ name, vocabulary }) => Object.hasOwn(known, name) && known[name]?.size === vocabulary);
  if (found.length < inputs.length) return undefined;
  return { inputs: found.map(({ name }) => known[name] as HistoryInput), open: () => new FrameHistory(ids) };
}

function frameIds({ scheme, vocabulary, bos }: Tokenizer): FrameIds | undefined {
  const frameEnd = scheme.frameEnd === undefined ? undefined : vocabulary.id(scheme.frameEnd);
  if (frameEnd === undefined) return undefined;
  const pitches = Int16Array.from(vocabulary.tokens, (token) =>
    Number(/^(?:Pitch|Hold)_(\d+)$/.exec(token)?.[1] ?? -1),
  );
  return { vocabulary: vocabulary.size, frameEnd, bos, pitches };
}
