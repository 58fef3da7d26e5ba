import { lockRun } from '@rondo/checkpoint';
import type { Dataset } from '@rondo/tokenizer';
import { openDataset } from '@rondo/tokenizer/node';
import type { TrainEvent } from './events.js';
import { MetricsFile } from './metrics-file.js';
import { type RunOptions, splitOptions, type SplitOptions, type TrainOptions } from './options.js';
import { finishedBecause, type Limits, plannedSteps } from './progress.js';
import { clearGood, clearRun, holdsRun, refuseExistingRun } from './run-folder.js';
import { replanWarnings } from './resume.js';
import { loadRunState } from './run-state.js';
import { resumeSession, type Session, startSession } from './session.js';
import type { TrainSummary } from './summary.js';
import { TrainerLoop } from './trainer-loop.js';

/**
 * Trains a network on a prepared dataset and leaves a run: `last` (resumable), `best` (by held-out loss) and
 * `metrics.jsonl`. The same dataset, settings and seed give the same bytes of `model.safetensors`, however often it was
 * interrupted and whatever the number of threads.
 * @throws UsageError for wrong options; TrainerError, CheckpointError, DatasetError, EngineError
 */
export async function train(options: TrainOptions): Promise<TrainSummary> {
  const split = splitOptions(options);
  const { dataset } = split.runOptions;
  if (typeof dataset !== 'string') return trainOn(dataset, split);
  const opened = await openDataset(dataset);
  try {
    return await trainOn(opened, split);
  } finally {
    await opened.close();
  }
}

async function trainOn(dataset: Dataset, options: SplitOptions): Promise<TrainSummary> {
  const { run, resume, overwrite } = options.runOptions;
  const refuse = resume !== true && overwrite !== true;
  if (resume === true && (await holdsRun(run))) return locked(run, () => continueRun(dataset, options));
  if (refuse) await refuseExistingRun(run);
  // Everything that can be wrong with the options is found before the folder is made or an old run deleted.
  const session = startSession(dataset, options);
  return disposing(session, () =>
    locked(run, async () => {
      // Asked again, now that nobody else writes here: another process may have left a run in the meantime.
      if (resume === true && (await holdsRun(run))) return continueRun(dataset, options);
      if (refuse) await refuseExistingRun(run);
      return learnAfresh(session, options.runOptions);
    }),
  );
}

async function continueRun(dataset: Dataset, options: SplitOptions): Promise<TrainSummary> {
  const { runOptions } = options;
  const state = await loadRunState(runOptions.run);
  if (state === undefined) {
    const session = startSession(dataset, options);
    return disposing(session, () => learnAfresh(session, runOptions));
  }
  const session = await resumeSession(dataset, options, state);
  return disposing(session, async () => {
    const limits = limitsOf(session, runOptions);
    const { summary } = state;
    // An interruption can come between the last update and its evaluation, which is then still to be made.
    if (summary !== null && summary.reason === finishedBecause(session.progress, limits)) {
      await clearGood(runOptions.run);
      return { ...summary, run: runOptions.run };
    }
    session.warnings.push(...replanWarnings(state, session.settings, plannedSteps(limits)));
    return learn(session, runOptions);
  });
}

async function learnAfresh(session: Session, options: RunOptions): Promise<TrainSummary> {
  await clearRun(session.run);
  await new MetricsFile(session.run).clear();
  return learn(session, options);
}

async function learn(session: Session, options: RunOptions): Promise<TrainSummary> {
  const { onEvent: emit = () => {} } = options;
  const limits = limitsOf(session, options);
  for (const message of session.warnings) emit({ type: 'warning', message });
  announce(session, limits, emit);
  return new TrainerLoop(session, options, limits, emit).run();
}

async function locked<Result>(run: string, act: () => Promise<Result>): Promise<Result> {
  const lock = await lockRun(run);
  let result: Result;
  try {
    result = await act();
  } catch (error) {
    // What failed is what is to be told, not that the lock cannot be deleted either; it is one of a dead process then.
    await lock.release().catch(() => {});
    throw error;
  }
  await lock.release();
  return result;
}

async function disposing<Result>({ bundle }: Session, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } finally {
    bundle.network.dispose();
  }
}

function limitsOf({ settings, plan }: Session, { maxSteps = Infinity }: RunOptions): Limits {
  const { epochs, patience, evaluateEvery } = settings;
  return { epochs, patience, evaluateEvery, maxSteps, stepsPerEpoch: plan.stepsPerEpoch };
}

function announce(session: Session, limits: Limits, emit: (event: TrainEvent) => void): void {
  const { run, preset, settings, plan, bundle, dataset, progress } = session;
  const { network } = bundle;
  emit({
    type: 'start',
    ...{ run, preset, settings },
    parameters: network.parameterCount,
    vocabulary: bundle.config.vocabulary,
    device: network.device,
    precision: network.precision,
    threads: network.threads,
    memoryBytes: network.memoryBytes,
    memory: session.memory,
    steps: plannedSteps(limits),
    stepsDone: progress.step,
    stepsPerEpoch: plan.stepsPerEpoch,
    tokensPerEpoch: plan.tokensPerEpoch,
    ...(dataset.manifest.baselines && { baselines: dataset.manifest.baselines }),
  });
}
