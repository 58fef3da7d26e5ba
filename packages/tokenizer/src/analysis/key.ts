import type { KeySignature, Score } from '../score/score.js';
import { pitchClassHistogram } from './sounding.js';

/** A key and how well it fits. */
export interface KeyEstimate {
  /** Pitch class of the tonic, 0 = C. */
  tonic: number;
  mode: 'major' | 'minor';
  /** As in `E-flat major` but short: `Eb major`. */
  name: string;
  /** Key signature: -5..6 sharps. */
  fifths: number;
  /** Pearson correlation with the key's profile, -1..1. Above about .8 is a clear key. */
  correlation: number;
  /** Distance to the correlation of the second-best key: how unambiguous the key is. */
  clarity: number;
}

/** Probe-tone profiles of Krumhansl & Kessler (1982), from the tonic upwards. */
const PROFILES = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
} as const;

/** Tonics of the major keys with -7 sharps (seven flats) and on; the minor key of a signature lies three places on. */
const TONICS_BY_FIFTHS = 'Cb Gb Db Ab Eb Bb F C G D A E B F# C# G# D# A#'.split(' ');

/**
 * The key of a piece by the Krumhansl–Schmuckler algorithm: correlation of its duration-weighted pitch
 * classes with the 24 key profiles. Undefined for a piece without pitched notes.
 */
export function findKey(score: Score): KeyEstimate | undefined {
  return keyOfHistogram(pitchClassHistogram(score, 'duration'));
}

/** As `findKey`, for twelve weights from C upwards. Undefined if they are all equal: then no key fits better. */
export function keyOfHistogram(weights: readonly number[]): KeyEstimate | undefined {
  if (weights.every((weight) => weight === weights[0])) return undefined;
  const ranked = (['major', 'minor'] as const)
    .flatMap((mode) => weights.map((_, tonic) => ({ tonic, mode, correlation: fit(weights, tonic, PROFILES[mode]) })))
    .sort((a, b) => b.correlation - a.correlation);
  const [{ tonic, mode, correlation }, second] = ranked;
  const fifths = signature(tonic, mode);
  return {
    tonic,
    mode,
    name: keyName({ fifths, mode }),
    fifths,
    correlation,
    clarity: correlation - second.correlation,
  };
}

/** Name of a key signature: `{fifths: -3, mode: 'minor'}` is `C minor`. For -7..7 sharps. */
export function keyName({ fifths, mode }: Pick<KeySignature, 'fifths' | 'mode'>): string {
  return `${TONICS_BY_FIFTHS[fifths + 7 + (mode === 'minor' ? 3 : 0)]} ${mode}`;
}

function signature(tonic: number, mode: 'major' | 'minor'): number {
  const major = mode === 'major' ? tonic : (tonic + 3) % 12;
  const fifths = (major * 7) % 12;
  return fifths > 6 ? fifths - 12 : fifths;
}

function fit(weights: readonly number[], tonic: number, profile: readonly number[]): number {
  return correlation(
    weights.map((_, i) => weights[(i + tonic) % 12]),
    profile,
  );
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  a.forEach((value, i) => {
    product += (value - meanA) * (b[i] - meanB);
    squareA += (value - meanA) ** 2;
    squareB += (b[i] - meanB) ** 2;
  });
  return product / Math.sqrt(squareA * squareB);
}
