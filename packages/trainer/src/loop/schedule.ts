import type { TrainSettings } from '../presets/settings.js';

export type ScheduleSettings = Pick<TrainSettings, 'learningRate' | 'schedule' | 'warmupSteps' | 'finalShare'>;

/**
 * The learning rate of update `step` (0 = the first) out of `steps`: a linear rise over `warmupSteps`, then constant, or
 * down to `finalShare` of the full rate along a half cosine or a line.
 */
export function learningRateAt(settings: ScheduleSettings, step: number, steps: number): number {
  const { learningRate, schedule, warmupSteps, finalShare } = settings;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  if (schedule === 'constant') return learningRate;
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, steps - 1 - warmupSteps));
  const left = schedule === 'cosine' ? (1 + Math.cos(Math.PI * done)) / 2 : 1 - done;
  // Rates must stay above 0: with finalShare 0 the last update keeps a millionth.
  return learningRate * Math.max(1e-6, finalShare + (1 - finalShare) * left);
}
