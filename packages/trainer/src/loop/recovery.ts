import { restoreCheckpoint } from '@rondo/checkpoint';
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import { saveGood, saveLast } from './checkpoints.js';
import type { Evaluator } from './evaluator.js';
import { type LoopContext, NotFinite, rateOf } from './loop-context.js';
import type { MetricsFile } from './metrics-file.js';
import { plannedSteps } from './progress.js';
import { decodeState, loadRunState } from './run-state.js';

/** How often training goes back before it gives up. */
const MOST_RECOVERIES = 3;

/** What each of them leaves of the learning rate. */
const RATE_FACTOR = 1 / 4;

/** A held-out loss so many times the best one is no place to go back to, finite as it may be. */
const HEALTHY = 2;

/**
 * Goes back to an earlier state when a figure is no finite number any more. That state, `good`, is the one after the last
 * planned evaluation: it depends on the number of updates alone, never on the clock, so that a training that was killed
 * and resumed goes back to the same one.
 */
export class Recovery {
  constructor(
    private readonly context: LoopContext,
    private readonly metrics: MetricsFile,
    private readonly evaluator: Evaluator,
  ) {}

  /** Sees to it that there is something to go back to: what an earlier sitting left, else the present state. */
  async begin(): Promise<void> {
    const { run, progress } = this.context.session;
    const good = await loadRunState(run, 'good');
    if (good !== undefined && good.progress.step <= progress.step) return;
    if (!this.#weightsAreFinite()) throw notUsable(run, progress.step);
    await this.#save();
  }

  /** Takes the present state, which has just been evaluated, as the one to go back to, if it is worth it. */
  async keep(): Promise<void> {
    const { session } = this.context;
    const { progress, valid } = session;
    // Without anything held out nobody has looked at the weights since the last update.
    if (valid === undefined && !this.#weightsAreFinite()) throw new NotFinite('weights');
    const { validLoss } = this.evaluator;
    const { best } = progress;
    if (best !== null && validLoss !== undefined && validLoss > HEALTHY * best.validLoss) return;
    await this.#save();
  }

  /**
   * Restores the good state with a lower learning rate.
   * @throws TrainerError `RONDO_TRAINER_DIVERGED` when that has been done too often; `last` is then the good state, and
   *   there is a `best` wherever something is held out
   */
  async goBack({ figure }: NotFinite): Promise<void> {
    const { session, emit } = this.context;
    const { progress } = session;
    const bad = { epoch: progress.epoch + 1, step: progress.step + 1, rate: rateOf(this.context, progress.step) };
    const left = Math.round(MOST_RECOVERIES + Math.log(progress.rateShare) / Math.log(1 / RATE_FACTOR)) - 1;
    await this.#restore();
    if (left < 0) return this.#giveUp(figure, bad);
    progress.recoveries++;
    progress.rateShare *= RATE_FACTOR;
    const { epoch, step } = bad;
    const { recoveries: recovery, step: backTo } = progress;
    const line = { epoch, step, recovery, figure, backTo, lr: rateOf(this.context, backTo) };
    await this.metrics.append(line);
    emit({ type: 'recovery', ...line, left });
  }

  async #restore(): Promise<void> {
    const { session, clock } = this.context;
    const { run, bundle, progress, average } = session;
    const training = await restoreCheckpoint(run, 'good', bundle.network);
    if (training === undefined) throw new TrainerError('RONDO_TRAINER_STATE', `${join(run, 'good')} is gone`);
    average?.restore(training.averages);
    const good = decodeState(training, join(run, 'good')).progress;
    const { epoch, stepInEpoch, step, evaluatedStep, since, sinceBest } = good;
    // What was spent and what was reached stays: the time, the tokens, the best model on the disk.
    Object.assign(progress, { epoch, stepInEpoch, step, evaluatedStep, since, sinceBest });
    progress.seconds = clock.run;
  }

  /** Leaves a run that can be used and, with other settings, resumed. */
  async #giveUp(figure: string, { step, rate }: { step: number; rate: number }): Promise<never> {
    const { session, limits, emit } = this.context;
    const { run, progress, settings, valid } = session;
    if (progress.best === null && valid !== undefined) await this.evaluator.saveAsBest();
    await saveLast(session, { plannedSteps: plannedSteps(limits), summary: null }, emit);
    const best = progress.best && ` and best (held-out loss ${progress.best.validLoss.toFixed(3)}) can be used`;
    throw new TrainerError(
      'RONDO_TRAINER_DIVERGED',
      `The ${figure} is not a finite number in update ${step}, also with the learning rate ` +
        `${Number(rate.toPrecision(3))}, lowered ${MOST_RECOVERIES} times from ${settings.learningRate}; ` +
        `${run} stands at update ${progress.step}${best ?? ''}. Go on with --resume and a learning rate (--lr) that is ` +
        `lower still, or start anew with a smaller clipNorm (--clip, now ${settings.clipNorm})`,
    );
  }

  async #save(): Promise<void> {
    const { session, limits, emit } = this.context;
    await saveGood(session, plannedSteps(limits), emit);
  }

  #weightsAreFinite(): boolean {
    for (const { data } of this.context.session.bundle.network.readParameters().values())
      if (!data.every(Number.isFinite)) return false;
    return true;
  }
}

function notUsable(run: string, step: number): TrainerError {
  return new TrainerError(
    'RONDO_TRAINER_DIVERGED',
    `The weights in ${join(run, 'last')} (update ${step}) are not all finite numbers, and there is no earlier state to go ` +
      'back to; use best, or train anew with --overwrite and a lower learning rate',
  );
}
