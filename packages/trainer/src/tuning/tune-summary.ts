import type { TrialPoint } from './space.js';
import type { StudyState, Trial } from './study.js';
import type { TuneEndReason } from './study-runner.js';

/** A trial in the ranking. */
export interface RankedTrial extends Omit<Trial, 'results' | 'failure'> {
  /** Rungs that it has ended. */
  rungs: number;
  steps: number;
  epochs: number;
  /** Least nats per held-out token, and the accuracy of that evaluation. */
  validLoss: number;
  validAccuracy: number;
  seconds: number;
}

/** What `rondo tune --json` prints. */
export interface TuneSummary {
  study: string;
  /** Trials that were trained, the longest trained first and by held-out loss among equals. */
  trials: RankedTrial[];
  failed: { trial: number; point: TrialPoint; reason: string }[];
  /** The first of the ranking; null before the first result. */
  best: RankedTrial | null;
  baselines: { unigram: number; bigram: number } | null;
  /** Training time of all trials. */
  seconds: number;
  reason: TuneEndReason;
  interrupted: boolean;
}

export function summariseStudy(
  study: string,
  { trials }: StudyState,
  reason: TuneEndReason,
  baselines: TuneSummary['baselines'],
): TuneSummary {
  const ranked = trials
    .flatMap(rank)
    .sort((a, b) => b.rungs - a.rungs || a.validLoss - b.validLoss || a.trial - b.trial);
  const failed = trials.flatMap(({ trial, point, failure }) =>
    failure === undefined ? [] : [{ trial, point, reason: failure }],
  );
  return {
    study,
    trials: ranked,
    failed,
    best: ranked[0] ?? null,
    baselines,
    seconds: ranked.reduce((sum, { seconds }) => sum + seconds, 0),
    reason,
    interrupted: reason === 'interrupted',
  };
}

function rank({ trial, point, parameters, results }: Trial): RankedTrial[] {
  const last = results.at(-1);
  if (last === undefined) return [];
  const { steps, epochs, validLoss, validAccuracy, seconds } = last;
  return [{ trial, point, parameters, rungs: results.length, steps, epochs, validLoss, validAccuracy, seconds }];
}
