import type { TrainStepResult } from '@rondo/core-native';
import type { TrainBatch } from '../batches/epoch.js';
import { Lookahead } from '../batches/lookahead.js';
import { type LoopContext, NotFinite, rateOf } from './loop-context.js';
import { evaluationsLeft, plannedSteps } from './progress.js';
import type { Session } from './session.js';

/** Makes one update after another and keeps the books of them in `session.progress`. */
export class Updater {
  readonly #batches: Lookahead<TrainBatch>;
  /** Updates of the whole training. */
  readonly #steps: number;

  constructor(private readonly context: LoopContext) {
    this.#batches = new Lookahead(batchesFrom(context.session));
    this.#steps = plannedSteps(context.limits);
  }

  /** @throws NotFinite where the engine refused the update */
  async step(): Promise<void> {
    const { session, clock } = this.context;
    const { progress, settings, bundle } = session;
    const item = this.#batches.take() as TrainBatch;
    const learningRate = rateOf(this.context, progress.step);
    const clip = settings.clipNorm > 0 ? { clipNorm: settings.clipNorm } : {};
    const began = clock.sitting;
    const running = bundle.network.trainStep(item.batch, { learningRate, ...clip });
    this.#prepareNext();
    const result = await running;
    // The engine leaves the parameters alone where a figure is not finite.
    if (!result.updated) throw new NotFinite(Number.isFinite(result.loss) ? 'gradient' : 'loss');
    session.average?.take(bundle.network, progress.step + 1);
    this.#record(result, item.tokens, clock.sitting - began);
    this.#emit(result, learningRate);
  }

  /** While the engine works: makes the next batch, and hands it on, so that a GPU can fetch it meanwhile. */
  #prepareNext(): void {
    this.#batches.prepare();
    const next = this.#batches.prepared;
    if (next === undefined) return;
    try {
      this.context.session.bundle.network.stage(next.batch);
    } catch {
      // What is wrong with it, its own step says.
    }
  }

  #record(result: TrainStepResult, tokens: number, seconds: number): void {
    const { session, pace } = this.context;
    const { progress } = session;
    progress.step++;
    progress.stepInEpoch++;
    progress.tokens += tokens;
    progress.stepSeconds += seconds;
    const { since } = progress;
    since.loss += result.lossSum;
    since.tokens += result.weightSum;
    since.hits += result.hits;
    since.seconds += seconds;
    pace.recordStep(seconds, tokens);
  }

  #emit(result: TrainStepResult, lr: number): void {
    const { session, pace, emit } = this.context;
    const { progress, settings } = session;
    emit({
      type: 'step',
      epoch: progress.epoch + 1,
      epochs: settings.epochs,
      step: progress.step,
      steps: this.#steps,
      loss: result.loss,
      accuracy: result.hits / result.weightSum,
      lr,
      gradientNorm: result.gradientNorm,
      tokensPerSecond: pace.tokensPerSecond,
      ...this.#forecast(),
    });
  }

  #forecast(): { etaSeconds: number; expectedSteps: number } {
    const { session, limits, pace, clock } = this.context;
    const evaluations = session.valid === undefined ? 0 : evaluationsLeft(session.progress, limits);
    const remaining = this.#steps - session.progress.step;
    const needed = pace.left(remaining, evaluations) ?? 0;
    if (needed <= clock.left) return { etaSeconds: needed, expectedSteps: this.#steps };
    const possible = Math.round((remaining * clock.left) / needed);
    return { etaSeconds: clock.left, expectedSteps: session.progress.step + possible };
  }
}

/** All batches from where the progress stands, epoch after epoch. */
function* batchesFrom({ plan, progress, settings }: Session): Generator<TrainBatch, undefined> {
  let { epoch, stepInEpoch } = progress;
  for (; epoch < settings.epochs; epoch++, stepInEpoch = 0) {
    const pass = plan.epoch(epoch);
    for (; stepInEpoch < pass.steps; stepInEpoch++) yield pass.batchAt(stepInEpoch);
  }
  return undefined;
}
