import { EngineError } from '@rondo/core-native';
import { saveLast } from './checkpoints.js';
import { Clock } from './clock.js';
import { Evaluator } from './evaluator.js';
import type { EndReason, TrainEvent } from './events.js';
import { type LoopContext, NotFinite } from './loop-context.js';
import { MetricsFile } from './metrics-file.js';
import { SAVE_EVERY_SECONDS, type RunOptions } from './options.js';
import { Pace } from './pace.js';
import { evaluationDue, finishedBecause, type Limits, plannedSteps } from './progress.js';
import { Recovery } from './recovery.js';
import { clearGood } from './run-folder.js';
import type { Session } from './session.js';
import { summarise, type TrainSummary } from './summary.js';
import { Updater } from './updater.js';

/**
 * Update after update until there is a reason to end. Whatever decides the numbers stands in `session.progress`, so that
 * a run that stopped anywhere goes on as if it had not.
 */
export class TrainerLoop {
  readonly #context: LoopContext;
  readonly #metrics: MetricsFile;
  readonly #evaluator: Evaluator;
  readonly #recovery: Recovery;
  #updater: Updater;
  /** Updates done in this sitting. */
  #updates = 0;
  readonly #saveEvery: number;
  /** Time of this sitting at which `last` was saved. */
  #savedAt = 0;
  /** The update after which `last` stands; undefined where there is none. */
  #savedStep: number | undefined;

  constructor(session: Session, options: RunOptions, limits: Limits, emit: (event: TrainEvent) => void) {
    const { signal, maxMinutes = Infinity, saveEverySeconds = SAVE_EVERY_SECONDS } = options;
    const clock = new Clock(session.progress.seconds, maxMinutes * 60);
    this.#context = { session, limits, clock, pace: new Pace(), signal, emit };
    this.#metrics = new MetricsFile(session.run);
    this.#updater = new Updater(this.#context);
    this.#evaluator = new Evaluator(this.#context, this.#metrics);
    this.#recovery = new Recovery(this.#context, this.#metrics, this.#evaluator);
    this.#saveEvery = saveEverySeconds;
    if (session.progress.step > 0) this.#savedStep = session.progress.step;
  }

  /** @throws TrainerError `RONDO_TRAINER_DIVERGED`, CheckpointError where a checkpoint cannot be written */
  async run(): Promise<TrainSummary> {
    const { session, limits, clock, emit } = this.#context;
    const { progress } = session;
    await this.#metrics.keepUntil(progress);
    await this.#recovery.begin();
    const reason = await this.#learnSafely();
    progress.seconds = clock.run;
    const summary = summarise(session, limits.stepsPerEpoch, reason);
    await this.#save(summary);
    if (reason !== 'interrupted' && reason !== 'time') await clearGood(session.run);
    emit({ type: 'end', reason, step: progress.step });
    return summary;
  }

  /** Goes back where numbers go bad, and on from there. */
  async #learnSafely(): Promise<EndReason> {
    for (;;) {
      try {
        return await this.#learn();
      } catch (error) {
        if (!(error instanceof NotFinite)) throw this.#withWhatIsLeft(error);
        await this.#recovery.goBack(error);
        this.#updater = new Updater(this.#context); // its batches are those of another place in the data
      }
    }
  }

  /** A device that failed takes its memory with it, but not what has been saved: the message says how to go on. */
  #withWhatIsLeft(error: unknown): unknown {
    if (!(error instanceof EngineError) || error.code !== 'RONDO_ENGINE_DEVICE') return error;
    const left =
      this.#savedStep === undefined
        ? 'nothing had been saved yet'
        : `${this.#context.session.run}/last holds step ${this.#savedStep}: resume goes on from there`;
    return new EngineError(error.code, `${error.message}; ${left}`, { cause: error });
  }

  async #learn(): Promise<EndReason> {
    const { session, limits, clock, signal } = this.#context;
    const { progress } = session;
    for (;;) {
      if (evaluationDue(progress, limits)) {
        if (!(await this.#evaluator.evaluate(true))) return 'interrupted';
        await this.#recovery.keep();
      }
      if (progress.stepInEpoch === limits.stepsPerEpoch) {
        progress.epoch++;
        progress.stepInEpoch = 0;
      }
      const finished = finishedBecause(progress, limits);
      if (finished !== undefined) return finished;
      if (signal?.aborted) return 'interrupted';
      if (this.#outOfTime()) return (await this.#evaluator.evaluateUnlessDone()) ? 'time' : 'interrupted';
      if (clock.sitting - this.#savedAt >= this.#saveEvery) await this.#save(null);
      await this.#updater.step();
      this.#updates++;
    }
  }

  /** Every sitting makes an update, so that many short ones come to an end too. */
  #outOfTime(): boolean {
    return this.#context.clock.left === 0 && this.#updates > 0;
  }

  async #save(summary: TrainSummary | null): Promise<void> {
    const { session, limits, clock, emit } = this.#context;
    session.progress.seconds = clock.run;
    await saveLast(session, { plannedSteps: plannedSteps(limits), summary }, emit);
    this.#savedAt = clock.sitting;
    this.#savedStep = session.progress.step;
  }
}
