import type { Scores } from '../evaluation/score.js';
import { saveBest } from './checkpoints.js';
import type { Metrics } from './events.js';
import { scoreHeldOut } from './held-out.js';
import { type LoopContext, NotFinite, rateOf } from './loop-context.js';
import type { MetricsFile } from './metrics-file.js';

/** Measures where the training stands, writes the lines of metrics and keeps the best model. */
export class Evaluator {
  /** Of the last evaluation. */
  validLoss: number | undefined;

  constructor(
    private readonly context: LoopContext,
    private readonly metrics: MetricsFile,
  ) {}

  /**
   * Scores the held-out pieces.
   * @param countsForPatience whether a loss that is no better brings the end nearer
   * @returns false when the signal stopped it, and nothing has changed
   * @throws NotFinite before anything is recorded
   */
  async evaluate(countsForPatience: boolean): Promise<boolean> {
    const { session, signal, emit, pace, clock } = this.context;
    const began = clock.sitting;
    const scores = await scoreHeldOut(session, signal, emit);
    if (scores === 'stopped') return false;
    if (scores !== undefined && !Number.isFinite(scores.nll)) throw new NotFinite('held-out loss');
    pace.recordEvaluation(clock.sitting - began);
    const metrics = this.#measure(scores);
    this.validLoss = metrics.validLoss;
    const best = this.#record(metrics, countsForPatience);
    await this.metrics.append(metrics);
    const { baselines } = session.dataset.manifest;
    const perplexity = Math.exp(metrics.validLoss ?? metrics.loss);
    emit({ type: 'evaluation', ...metrics, perplexity, best, ...(baselines && { baselines }) });
    if (best) await saveBest(session, emit);
    return true;
  }

  /** The same where the present weights have not been scored yet; what ends by the clock does not count for patience. */
  async evaluateUnlessDone(): Promise<boolean> {
    const { step, evaluatedStep } = this.context.session.progress;
    return step === evaluatedStep || this.evaluate(false);
  }

  /** Keeps the present weights as the best model, whatever they are worth, so that there is one. */
  async saveAsBest(): Promise<void> {
    const { session, signal, emit } = this.context;
    const scores = await scoreHeldOut(session, signal, emit);
    if (scores === undefined || scores === 'stopped' || !Number.isFinite(scores.nll)) return;
    const { progress } = session;
    const [validLoss, validAccuracy] = [scores.nll / scores.tokens, scores.hits / scores.tokens];
    progress.best = { epoch: progress.epoch + 1, step: progress.step, validLoss, validAccuracy };
    await saveBest(session, emit);
  }

  #measure(scores: Scores | undefined): Metrics {
    const { session, clock } = this.context;
    const { progress } = session;
    const { since } = progress;
    progress.seconds = clock.run;
    return {
      epoch: progress.epoch + 1,
      step: progress.step,
      loss: since.loss / since.tokens,
      accuracy: since.hits / since.tokens,
      ...(scores && { validLoss: scores.nll / scores.tokens, validAccuracy: scores.hits / scores.tokens }),
      lr: rateOf(this.context, progress.step - 1),
      tokensPerSecond: since.tokens / Math.max(since.seconds, 1e-9),
      seconds: progress.seconds,
    };
  }

  /** Whether these are the best so far. */
  #record(metrics: Metrics, countsForPatience: boolean): boolean {
    const { progress } = this.context.session;
    const { validLoss } = metrics;
    const better = validLoss !== undefined && validLoss < (progress.best?.validLoss ?? Infinity);
    if (better) {
      const { epoch, step, validAccuracy } = metrics as Required<Metrics>;
      progress.best = { epoch, step, validLoss, validAccuracy };
      progress.sinceBest = 0;
    } else if (validLoss !== undefined && countsForPatience) progress.sinceBest++;
    progress.evaluatedStep = progress.step;
    progress.since = { loss: 0, tokens: 0, hits: 0, seconds: 0 };
    return better;
  }
}
