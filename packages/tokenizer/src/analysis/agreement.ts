import { type ChordSpan, chordTones, findChords } from '../score-tools/chords.js';
import type { Score } from '../score/score.js';
import { findKey, type KeyEstimate } from './key.js';

/** What a piece is compared by: its key, and its chords by the quarter with times in quarters. */
export interface Harmony {
  readonly key: KeyEstimate | undefined;
  readonly chords: readonly HeardChord[];
}

interface HeardChord {
  readonly start: number;
  readonly end: number;
  /** Root and kind of third: `0 major`. */
  readonly name: string;
}

/** How far two pieces agree, such as a continuation with what the composer wrote. 0..1, null where it cannot be said. */
export interface HarmonyAgreement {
  /** 1 the same key, 0.5 a fifth apart, 0.3 relative, 0.2 parallel major and minor, else 0. */
  readonly key: number | null;
  /** Share of the time in which both have a chord that it has the same root and third. */
  readonly chords: number | null;
}

/** The harmony of a piece, to be compared with others. */
export function harmonyOf(score: Score): Harmony {
  const { ticksPerQuarter } = score;
  return {
    key: findKey(score),
    chords: findChords(score, 'quarter').map((span) => ({
      start: span.tick / ticksPerQuarter,
      end: (span.tick + span.duration) / ticksPerQuarter,
      name: `${span.root} ${thirdOf(span)}`,
    })),
  };
}

/**
 * Agreement of two pieces that begin together: their keys by the weights of MIREX (audio key detection), their chords by
 * root and third, as its `majmin` vocabulary has them.
 */
export function harmonyAgreement(a: Harmony, b: Harmony): HarmonyAgreement {
  return {
    key: a.key === undefined || b.key === undefined ? null : keyAgreement(a.key, b.key),
    chords: chordAgreement(a.chords, b.chords),
  };
}

function thirdOf({ quality }: Pick<ChordSpan, 'quality'>): 'major' | 'minor' | 'none' {
  const tones = chordTones(quality);
  if (tones.includes(4)) return 'major';
  return tones.includes(3) ? 'minor' : 'none';
}

type Key = Pick<KeyEstimate, 'tonic' | 'mode'>;

function keyAgreement(a: Key, b: Key): number {
  const up = (b.tonic - a.tonic + 12) % 12;
  if (a.mode === b.mode) return up === 0 ? 1 : up === 5 || up === 7 ? 0.5 : 0;
  if (up === 0) return 0.2;
  return up === (a.mode === 'major' ? 9 : 3) ? 0.3 : 0;
}

/** Both lists rise and do not overlap themselves. */
function chordAgreement(a: readonly HeardChord[], b: readonly HeardChord[]): number | null {
  let [both, same] = [0, 0];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    const time = Math.max(0, Math.min(left.end, right.end) - Math.max(left.start, right.start));
    both += time;
    if (left.name === right.name) same += time;
    if (left.end <= right.end) i += 1;
    else j += 1;
  }
  return both === 0 ? null : same / both;
}
