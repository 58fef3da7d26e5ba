import type { TrainStepResult } from '@rondo/core-native';
import type { Epoch, TrainBatch } from '../batches/epoch.js';
import { Lookahead } from '../batches/lookahead.js';
import { TrainerError } from '../errors.js';
import type { Scores } from '../evaluation/score.js';
import { saveBest, saveLast } from './checkpoints.js';
import type { Baselines, EndReason, Metrics, TrainEvent } from './events.js';
import { scoreHeldOut } from './held-out.js';
import { MetricsFile } from './metrics-file.js';
import { SAVE_EVERY_SECONDS, type RunOptions } from './options.js';
import { Pace } from './pace.js';
import { evaluationDue, evaluationsLeft, finishedBecause, type Limits, plannedSteps } from './progress.js';
import { learningRateAt } from './schedule.js';
import type { Session } from './session.js';
import { summarise, type TrainSummary } from './summary.js';

const now = () => performance.now() / 1000;

/**
 * Update after update until there is a reason to end. Whatever decides the numbers stands in `session.progress`, so that
 * a run that stopped anywhere goes on as if it had not.
 */
export class TrainerLoop {
  readonly #metrics: MetricsFile;
  readonly #pace = new Pace();
  readonly #batches: Lookahead<TrainBatch>;
  readonly #began = now();
  /** Time of the run in earlier sittings. */
  readonly #before: number;
  /** Updates done in earlier sittings. */
  readonly #firstStep: number;
  #savedAt = now();

  constructor(
    private readonly session: Session,
    private readonly options: RunOptions,
    private readonly limits: Limits,
    private readonly emit: (event: TrainEvent) => void,
  ) {
    this.#metrics = new MetricsFile(session.run);
    this.#batches = new Lookahead(batchesFrom(session));
    this.#before = session.progress.seconds;
    this.#firstStep = session.progress.step;
  }

  /** @throws TrainerError `RONDO_TRAINER_DIVERGED`, CheckpointError where a checkpoint cannot be written */
  async run(): Promise<TrainSummary> {
    await this.#metrics.keepUntil(this.session.progress.step);
    const reason = await this.#learn();
    this.#tick();
    const summary = summarise(
      this.session.run,
      this.session.bundle.network,
      { progress: this.session.progress, stepsPerEpoch: this.limits.stepsPerEpoch },
      reason,
      this.#baselines(),
    );
    await this.#saveLast(summary);
    this.emit({ type: 'end', reason, step: this.session.progress.step });
    return summary;
  }

  async #learn(): Promise<EndReason> {
    const { progress } = this.session;
    const { signal, saveEverySeconds = SAVE_EVERY_SECONDS } = this.options;
    for (;;) {
      if (evaluationDue(progress, this.limits) && !(await this.#evaluate(true))) return 'interrupted';
      if (progress.stepInEpoch === this.limits.stepsPerEpoch) {
        progress.epoch++;
        progress.stepInEpoch = 0;
      }
      const finished = finishedBecause(progress, this.limits);
      if (finished !== undefined) return finished;
      if (signal?.aborted) return 'interrupted';
      if (this.#outOfTime()) return (await this.#evaluateUnlessDone()) ? 'time' : 'interrupted';
      if (now() - this.#savedAt >= saveEverySeconds) await this.#saveLast(null);
      await this.#step();
    }
  }

  async #step(): Promise<void> {
    const { progress, settings, bundle } = this.session;
    const item = this.#batches.take() as TrainBatch;
    const steps = plannedSteps(this.limits);
    const learningRate = learningRateAt(settings, progress.step, steps);
    const clip = settings.clipNorm > 0 ? { clipNorm: settings.clipNorm } : {};
    const began = now();
    const running = bundle.network.trainStep(item.batch, { learningRate, ...clip });
    this.#batches.prepare();
    const result = await running;
    this.#requireFinite(result);
    const seconds = now() - began;
    progress.step++;
    progress.stepInEpoch++;
    progress.tokens += item.tokens;
    progress.stepSeconds += seconds;
    const { since } = progress;
    since.loss += result.lossSum;
    since.tokens += result.weightSum;
    since.hits += result.hits;
    since.seconds += seconds;
    this.#pace.recordStep(seconds, item.tokens);
    this.#emitStep(result, learningRate, steps);
  }

  #emitStep(result: TrainStepResult, lr: number, steps: number): void {
    const { progress, settings } = this.session;
    this.emit({
      type: 'step',
      epoch: progress.epoch + 1,
      epochs: settings.epochs,
      step: progress.step,
      steps,
      loss: result.loss,
      accuracy: result.hits / result.weightSum,
      lr,
      gradientNorm: result.gradientNorm,
      tokensPerSecond: this.#pace.tokensPerSecond,
      etaSeconds: this.#eta(steps),
    });
  }

  #eta(steps: number): number {
    const { progress } = this.session;
    const evaluations = this.session.valid === undefined ? 0 : evaluationsLeft(progress, this.limits);
    const left = this.#pace.left(steps - progress.step, evaluations) ?? 0;
    const { maxMinutes } = this.options;
    return maxMinutes === undefined ? left : Math.min(left, Math.max(0, maxMinutes * 60 - (now() - this.#began)));
  }

  /** Every sitting makes an update, so that many short ones come to an end too. */
  #outOfTime(): boolean {
    const { maxMinutes } = this.options;
    if (maxMinutes === undefined || this.session.progress.step === this.#firstStep) return false;
    return now() - this.#began >= maxMinutes * 60;
  }

  /** What ends by the clock is evaluated too, but does not count against the patience. */
  async #evaluateUnlessDone(): Promise<boolean> {
    const { step, evaluatedStep } = this.session.progress;
    return step === evaluatedStep || this.#evaluate(false);
  }

  /** Scores the held-out pieces, writes a line of metrics, keeps the best. False when the signal stopped it. */
  async #evaluate(countsForPatience: boolean): Promise<boolean> {
    const { progress } = this.session;
    const began = now();
    const scores = await scoreHeldOut(this.session, this.options.signal, this.emit);
    if (scores === 'stopped') return false;
    if (scores !== undefined && !Number.isFinite(scores.nll)) throw this.#diverged('held-out loss');
    this.#pace.recordEvaluation(now() - began);
    const metrics = this.#measure(scores);
    const better = metrics.validLoss !== undefined && metrics.validLoss < (progress.best?.validLoss ?? Infinity);
    if (better) {
      const { epoch, step, validLoss, validAccuracy } = metrics as Required<Metrics>;
      progress.best = { epoch, step, validLoss, validAccuracy };
      progress.sinceBest = 0;
    } else if (scores !== undefined && countsForPatience) progress.sinceBest++;
    progress.evaluatedStep = progress.step;
    progress.since = { loss: 0, tokens: 0, hits: 0, seconds: 0 };
    await this.#metrics.append(metrics);
    const baselines = this.#baselines();
    const perplexity = Math.exp(metrics.validLoss ?? metrics.loss);
    this.emit({ type: 'evaluation', ...metrics, perplexity, best: better, ...(baselines && { baselines }) });
    if (better) await saveBest(this.session, this.emit);
    return true;
  }

  #measure(scores: Scores | undefined): Metrics {
    const { progress, settings } = this.session;
    const { since } = progress;
    this.#tick();
    return {
      epoch: progress.epoch + 1,
      step: progress.step,
      loss: since.loss / since.tokens,
      accuracy: since.hits / since.tokens,
      ...(scores && { validLoss: scores.nll / scores.tokens, validAccuracy: scores.hits / scores.tokens }),
      lr: learningRateAt(settings, progress.step - 1, plannedSteps(this.limits)),
      tokensPerSecond: since.tokens / Math.max(since.seconds, 1e-9),
      seconds: progress.seconds,
    };
  }

  #baselines(): Baselines | undefined {
    return this.session.dataset.manifest.baselines ?? undefined;
  }

  #tick(): void {
    this.session.progress.seconds = this.#before + now() - this.#began;
  }

  async #saveLast(summary: TrainSummary | null): Promise<void> {
    this.#tick();
    await saveLast(this.session, { plannedSteps: plannedSteps(this.limits), summary }, this.emit);
    this.#savedAt = now();
  }

  /** The engine leaves the parameters alone where a figure is not finite. */
  #requireFinite({ loss, updated }: TrainStepResult): void {
    if (updated) return;
    throw this.#diverged(Number.isFinite(loss) ? 'gradient' : 'loss');
  }

  #diverged(what: string): TrainerError {
    const { run, progress, settings } = this.session;
    return new TrainerError(
      'RONDO_TRAINER_DIVERGED',
      `The ${what} is not a finite number after update ${progress.step + 1}; checkpoints in ${run} are as they were before. ` +
        `Train with a lower learning rate than ${settings.learningRate}, or with clipNorm (now ${settings.clipNorm})`,
    );
  }
}

/** All batches from where the progress stands, epoch after epoch. */
function* batchesFrom({ plan, progress, settings }: Session): Generator<TrainBatch, undefined> {
  let { epoch, stepInEpoch } = progress;
  for (; epoch < settings.epochs; epoch++, stepInEpoch = 0) {
    const pass: Epoch = plan.epoch(epoch);
    for (; stepInEpoch < pass.steps; stepInEpoch++) yield pass.batchAt(stepInEpoch);
  }
  return undefined;
}
