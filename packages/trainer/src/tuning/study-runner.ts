import type { Dataset } from '@rondo/tokenizer';
import { TrainerError } from '../errors.js';
import type { TrainEvent } from '../loop/events.js';
import type { TuneEvent } from './events.js';
import { type HalvingPlan, plannedEpochs, survivors } from './halving.js';
import type { TuneOptions } from './options.js';
import { type StudyState, type Trial, type TrialResult, writeStudy } from './study.js';
import { dropWeights, failureOf, runRung, type TrialContext } from './trial-run.js';

/** Why a sitting of a study ended. */
export type TuneEndReason = 'done' | 'time' | 'interrupted';

/** Takes the trials through the rungs. Everything that was found stands in the study's file before the next trial starts. */
export class StudyRunner {
  readonly #context: TrialContext;
  readonly #emit: (event: TuneEvent) => void;
  readonly #deadline: number;
  #epochsDone = 0;

  constructor(
    private readonly dataset: Dataset,
    private readonly state: StudyState,
    private readonly plan: HalvingPlan,
    private readonly options: TuneOptions,
  ) {
    const { objective, seed } = state.options;
    const { out: folder, device, threads, signal, maxMinutes = Infinity } = options;
    this.#context = { dataset, folder, objective, seed, device, threads, signal };
    this.#emit = options.onEvent ?? (() => {});
    this.#deadline = performance.now() + maxMinutes * 60_000;
  }

  /** @throws TrainerError `RONDO_TRAINER_NO_DATA` where every trial failed */
  async run(): Promise<TuneEndReason> {
    this.#announce();
    for (let rung = 0; rung < this.plan.trials.length; rung++) {
      const reason = await this.#runRung(rung);
      if (reason !== 'done') return reason;
    }
    return 'done';
  }

  #announce(): void {
    const { plan, state, dataset, options } = this;
    this.#epochsDone = state.trials.reduce((sum, { results }) => sum + (results.at(-1)?.epochs ?? 0), 0);
    this.#emit({
      type: 'study',
      folder: options.out,
      plan,
      epochs: plannedEpochs(plan),
      epochsDone: this.#epochsDone,
      baselines: dataset.manifest.baselines ?? null,
    });
  }

  async #runRung(rung: number): Promise<TuneEndReason> {
    const chosen = this.#chosen(rung);
    for (const { trial, results } of this.state.trials)
      if (!chosen.includes(trial) && results.length > 0) await dropWeights(this.options.out, trial);
    for (const number of chosen) {
      const trial = this.state.trials[number - 1] as Trial;
      if (trial.failure !== undefined || trial.results.length > rung) continue;
      const reason = await this.#runTrial(trial, rung);
      if (reason !== 'done') return reason;
    }
    return 'done';
  }

  /** The trials of a rung: all of them at first, then the best of the rung before. */
  #chosen(rung: number): number[] {
    const { trials } = this.state;
    if (rung === 0) return trials.map(({ trial }) => trial);
    const losses = new Map(
      trials.flatMap(({ trial, results }) => {
        const before = results.find((result) => result.rung === rung - 1);
        return before === undefined ? [] : [[trial, before.validLoss] as const];
      }),
    );
    if (losses.size === 0) throw allFailed(trials);
    return survivors(losses, this.plan.trials[rung] as number);
  }

  async #runTrial(trial: Trial, rung: number): Promise<TuneEndReason> {
    if (this.options.signal?.aborted) return 'interrupted';
    const minutes = (this.#deadline - performance.now()) / 60_000;
    if (minutes <= 0) return 'time';
    this.#emit({ type: 'trial', trial, rung, rungs: this.plan.trials.length });
    let result: TrialResult | undefined;
    try {
      result = await runRung(this.#context, {
        trial: trial.trial,
        point: trial.point,
        rung,
        epochs: this.plan.epochs[rung] as number,
        ...(Number.isFinite(minutes) && { maxMinutes: minutes }),
        onEvent: (event) => this.#watch(trial, event),
      });
      if (result === undefined) return this.options.signal?.aborted ? 'interrupted' : 'time';
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      trial.failure = failure;
    }
    await this.#record(trial, result);
    return 'done';
  }

  async #record(trial: Trial, result: TrialResult | undefined): Promise<void> {
    const others = this.state.trials.flatMap(({ results }) => results.map(({ validLoss }) => validLoss));
    if (result !== undefined) {
      this.#epochsDone += result.epochs - (trial.results.at(-1)?.epochs ?? 0);
      trial.results.push(result);
    }
    await writeStudy(this.options.out, this.state);
    const best = result !== undefined && others.every((loss) => result.validLoss < loss);
    this.#emit({ type: 'result', trial, ...(result && { result }), best });
  }

  #watch(trial: Trial, event: TrainEvent): void {
    if (event.type === 'start') trial.parameters = event.parameters;
    const before = trial.results.at(-1)?.epochs ?? 0;
    const inside = event.type === 'step' ? Math.max(0, event.epoch - 1 - before) : 0;
    this.#emit({ type: 'training', trial, event, epochsDone: this.#epochsDone + inside });
  }
}

function allFailed(trials: readonly Trial[]): TrainerError {
  const [first] = trials;
  return new TrainerError(
    'RONDO_TRAINER_NO_DATA',
    `None of the ${trials.length} trials could be trained; the first one: ${first?.failure ?? 'no reason given'}`,
  );
}
