import { joinScores, type Score, type Tokenizer } from '@rondo/tokenizer';
import type { Variation } from '../generate.js';
import { findLoops, loopCriteria } from '../loops/loop-detection.js';
import { longestCopy, type ReadableIds } from '../music/longest-copy.js';
import { countNotes, secondsAt } from '../music/score-time.js';
import type { GenerateOptions } from '../options.js';
import { inAll, meanRank, type Section, withoutRepeatedSigns } from './sections.js';

/** What a finished form was made with. */
export interface Making {
  readonly tokenizer: Tokenizer;
  readonly options: GenerateOptions;
  /** How the first section was given to begin. */
  readonly head: Score | undefined;
  readonly training: ReadableIds | undefined;
}

/** The piece that the sections are together. */
export function pieceOfSections(sections: readonly Section[], index: number, making: Making): Variation {
  const { tokenizer, options, head, training } = making;
  const score = withoutRepeatedSigns(joinScores(sections.map((section) => section.score)));
  const ids = tokenizer.encode(score);
  const primeLength = head === undefined ? 0 : sameLength(tokenizer.encode(head), ids);
  const loops = findLoops(ids, loopCriteria(tokenizer));
  const rank = meanRank(sections);
  const sum = (of: (section: Section) => number) => sections.reduce((total, section) => total + of(section), 0);
  // Meter and tempo of the first section are no wishes of the user's.
  const wasAsked = (wish: string) => (wish !== 'meter' && wish !== 'tempo') || options[wish] !== undefined;
  return {
    index,
    ids,
    primeLength,
    generated: sum(({ tokens }) => tokens),
    tokens: tokenizer.tokens(ids),
    score,
    notes: countNotes(score),
    seconds: secondsAt(score, score.endTick),
    ended: 'eos',
    loop: loops.some(({ length }) => length >= ids.length / 2),
    loops,
    escapes: sum(({ escapes }) => escapes),
    logLikelihood: sum(({ logLikelihood }) => logLikelihood),
    obeyed: inAll(sections, score).filter(({ wish }) => wasAsked(wish)),
    ...(rank && { rank }),
    ...(training && { longestCopy: longestCopy(ids.subarray(primeLength), training) }),
  };
}

/** How many ids the piece has in common with its prime; the prime's last ones may depend on what follows. */
function sameLength(prime: Int32Array, ids: Int32Array): number {
  const differs = prime.findIndex((id, at) => id !== ids[at]);
  return differs < 0 ? prime.length : differs;
}
