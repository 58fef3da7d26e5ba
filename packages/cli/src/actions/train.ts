import path from 'node:path';
import {
  SHAPE_NAMES,
  type ShapeChanges,
  tensorBoardLog,
  train,
  type TrainEvent,
  type TrainSummary,
} from '@rondo/trainer';
import type { CommandContext } from '../command.js';
import { requireNumber } from '../options/ranges.js';
import { refuseOwnSource } from '../files/own-place.js';
import { writeLossCurve } from '../pictures/loss-curve.js';
import { exitCode } from '../terminal/exit-codes.js';
import { formatCount, formatDuration } from '../terminal/format.js';
import { trainingReporter } from '../terminal/training-reporter.js';
import type { TrainCommandOptions } from '../commands/train.js';

/** `rondo train`: a dataset → a run with its best and last model. */
export async function run(options: TrainCommandOptions, { output, signal }: CommandContext): Promise<void> {
  checkShares(options);
  const reporter = trainingReporter(output);
  const { dataset, out, lr, clip, optimizer, device, threads, tensorboard, ...rest } = options;
  refuseOwnSource(out, dataset);
  const board =
    tensorboard === undefined
      ? undefined
      : tensorBoardLog(tensorboard, { onFailure: (message) => output.warning(message) });
  let summary: TrainSummary;
  try {
    summary = await train({
      dataset,
      run: out,
      device,
      threads,
      precision: rest.precision,
      signal,
      onEvent: (event: TrainEvent) => {
        reporter.onEvent(event);
        board?.onEvent(event);
      },
      learningRate: lr,
      clipNorm: clip,
      optimizer: optimizer === undefined ? undefined : { kind: optimizer },
      preset: rest.preset,
      shape: shapeOf(rest),
      objective: rest.objective,
      epochs: rest.epochs,
      batch: rest.batch,
      sequence: rest.sequence,
      schedule: rest.schedule,
      warmupSteps: rest.warmupSteps,
      averaging: rest.averaging,
      patience: rest.patience,
      evaluateEvery: rest.evaluateEvery,
      seed: rest.seed,
      maxMinutes: rest.maxMinutes,
      maxSteps: rest.maxSteps,
      saveEverySeconds: rest.saveEvery,
      resume: rest.resume || undefined,
      overwrite: rest.overwrite || undefined,
    });
  } finally {
    reporter.stop();
    board?.close();
  }
  const curve = writeLossCurve(out, summary.baselines);
  if (curve !== undefined) output.note(`loss curve: ${path.join(out, 'loss.png')}`);
  output.result(summary, () => describe(summary));
  if (summary.interrupted) process.exitCode = exitCode.interrupted;
}

/** Shares that are wrong are named as they were given. */
function checkShares({ inputDropout, dropout, recurrentDropout, labelSmoothing }: TrainCommandOptions): void {
  const shares = {
    'input-dropout': inputDropout,
    dropout,
    'recurrent-dropout': recurrentDropout,
    'label-smoothing': labelSmoothing,
  };
  for (const [name, value] of Object.entries(shares)) requireNumber(name, value, { min: 0, below: 1 });
}

/** The changes of the preset's shape that were asked for, if any. */
function shapeOf(options: ShapeChanges): ShapeChanges | undefined {
  const given = SHAPE_NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function describe({ run, epochs, steps, seconds, best, baselines, tokensPerSecond, reason }: TrainSummary): string {
  const ends = {
    epochs: 'all epochs done',
    steps: 'the given number of steps is done',
    patience: 'the held-out loss no longer falls',
    time: 'the time is over',
    interrupted: 'stopped; "--resume" goes on from here',
  };
  return [
    `${run}: ${formatCount(steps)} steps, ${epochs} epochs in ${formatDuration(seconds)} (${formatCount(tokensPerSecond)} tokens/s): ${ends[reason]}`,
    best &&
      `best   epoch ${best.epoch}: ${best.validLoss.toFixed(3)} nats per held-out token, ${(100 * best.validAccuracy).toFixed(1)} % right`,
    baselines && `beside unigram ${baselines.unigram.toFixed(3)}, bigram ${baselines.bigram.toFixed(3)}`,
  ]
    .filter(Boolean)
    .join('\n');
}
