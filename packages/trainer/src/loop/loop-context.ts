import type { Clock } from './clock.js';
import type { BadFigure, TrainEvent } from './events.js';
import type { Pace } from './pace.js';
import { type Limits, plannedSteps } from './progress.js';
import { learningRateAt } from './schedule.js';
import type { Session } from './session.js';

/** What the parts of the training loop share. */
export interface LoopContext {
  readonly session: Session;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly signal: AbortSignal | undefined;
  readonly emit: (event: TrainEvent) => void;
}

/** Thrown inside the loop when a figure is no finite number any more; the engine has then left the weights alone. */
export class NotFinite extends Error {
  override readonly name = 'NotFinite';

  constructor(readonly figure: BadFigure) {
    super(`the ${figure} is not a finite number`);
  }
}

/** Learning rate of update `step` (0 = the first), lowered as often as numbers have gone bad. */
export function rateOf({ session, limits }: Pick<LoopContext, 'session' | 'limits'>, step: number): number {
  const { settings, progress } = session;
  return learningRateAt(settings, step, plannedSteps(limits)) * progress.rateShare;
}
