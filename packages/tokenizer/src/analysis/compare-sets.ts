import { deviation, likeness, mean, type Likeness } from './distributions.js';
import type { MusicMetrics } from './metrics.js';

/** Features of pieces that sets are compared by: name, words, unit. */
export const FEATURES = [
  ['pitchRange', 'Pitch range', 'semitones'],
  ['pitchesUsed', 'Pitches used', ''],
  ['pitchClassEntropy', 'Pitch-class entropy', 'bits'],
  ['scaleConsistency', 'Scale consistency', 'share'],
  ['keyClarity', 'Key clarity', 'correlation'],
  ['chordToneRate', 'Chord-tone rate', 'share'],
  ['polyphony', 'Polyphony', 'pitches'],
  ['emptyBeatRate', 'Empty beats', 'share'],
  ['grooveConsistency', 'Groove consistency', 'share'],
  ['noteDensity', 'Note density', 'a second'],
  ['loopShare', 'Onsets in loops', 'share'],
  ['repeatedBars', 'Repeated bars', 'share'],
] as const satisfies readonly (readonly [keyof MusicMetrics, string, string])[];

/** Names of the features that sets are compared by. */
export type FeatureName = (typeof FEATURES)[number][0];

/** A feature over the pieces of a set. */
export interface SetSummary {
  /** Pieces that have a value. */
  readonly pieces: number;
  /** Null where none has. */
  readonly mean: number | null;
  readonly deviation: number | null;
}

/** A set of pieces under a name. */
export interface MetricSet {
  readonly name: string;
  readonly pieces: readonly MusicMetrics[];
}

/** One feature in two sets. */
export interface FeatureComparison {
  readonly feature: FeatureName;
  readonly label: string;
  readonly unit: string;
  /** By the name of the set. */
  readonly sets: Readonly<Record<string, SetSummary>>;
  /** By the names of two sets, as `generated vs. training`: the first one beside the second. */
  readonly likeness: Readonly<Record<string, Likeness | null>>;
}

/** Values of one feature, those of pieces that have one. */
export function featureValues({ pieces }: MetricSet, feature: FeatureName): number[] {
  return pieces.map((metrics) => metrics[feature]).filter((value) => value !== null);
}

/** Every feature, and how alike each pair of sets is in it (earlier ones beside later ones). */
export function compareSets(sets: readonly MetricSet[]): FeatureComparison[] {
  return FEATURES.map(([feature, label, unit]) => {
    const values = sets.map((set) => featureValues(set, feature));
    const pairs = sets.flatMap((a, i) =>
      sets.slice(i + 1).map((b, j): [string, Likeness | null] => {
        return [`${a.name} vs. ${b.name}`, likeness(values[i], values[i + 1 + j])];
      }),
    );
    return {
      feature,
      label,
      unit,
      sets: Object.fromEntries(sets.map(({ name }, i) => [name, summary(values[i])])),
      likeness: Object.fromEntries(pairs),
    };
  });
}

function summary(values: readonly number[]): SetSummary {
  if (values.length === 0) return { pieces: 0, mean: null, deviation: null };
  return { pieces: values.length, mean: mean(values), deviation: deviation(values) };
}
