import type { NetworkSpec, Precision } from '@rondo/core-native';
import type { Dataset, Tokenizer } from '@rondo/tokenizer';
import { expectation, UsageError } from '../errors.js';
import { SETTING_NAMES, type TrainSettings } from '../presets/settings.js';
import type { ShapeChanges } from '../presets/shape.js';
import type { TrainEvent } from './events.js';

/** What `train` is given besides the settings, which may all be given too and go over the preset's. */
export interface RunOptions {
  /** Folder of a prepared dataset, or an open one (which stays open). */
  dataset: string | Dataset;
  /** Folder of the run; made where missing. */
  run: string;
  /** Name of a preset. Default: the run's own on resume, else `small`. */
  preset?: string;
  /** What of the preset's network is otherwise. */
  shape?: ShapeChanges;
  /** A network of one's own in place of the preset's; `returnSequences` is set by the objective. */
  network?: (vocabulary: number, tokenizer?: Tokenizer) => NetworkSpec;
  /** Goes on from the run's `last` checkpoint; without one it starts afresh. */
  resume?: boolean;
  /** Replaces a run that is there. */
  overwrite?: boolean;
  device?: 'auto' | 'cpu' | 'cuda';
  /** Arithmetic of the matrix products. Default: bf16 on CUDA, fp32 on the CPU. */
  precision?: Precision;
  /** CPU threads, at most one per core; the numbers do not depend on it. Default: all. */
  threads?: number;
  /** Stops after so many updates in all, and evaluates. Fractions of an epoch are fine. */
  maxSteps?: number;
  /** Stops after so many minutes of this sitting (above 0; one update at least), and evaluates; `resume` can go on. */
  maxMinutes?: number;
  /** `last` is saved at least so often, besides the end and interruptions. Default 120 seconds. */
  saveEverySeconds?: number;
  onEvent?: (event: TrainEvent) => void;
  /** Aborting it finishes the running update, saves `last` and returns. */
  signal?: AbortSignal;
}

/** What `train` takes: where and on what, and any setting that shall differ from the preset’s. */
export type TrainOptions = RunOptions & Partial<TrainSettings>;

/** Seconds between two saves of `last`: what a crash can cost at most. */
export const SAVE_EVERY_SECONDS = 120;

const RUN_OPTION_NAMES: readonly (keyof RunOptions)[] = [
  'dataset',
  'run',
  'preset',
  'shape',
  'network',
  'resume',
  'overwrite',
  'device',
  'precision',
  'threads',
  'maxSteps',
  'maxMinutes',
  'saveEverySeconds',
  'onEvent',
  'signal',
];

export interface SplitOptions {
  runOptions: RunOptions;
  /** Settings that were given, and no others. */
  given: Partial<TrainSettings>;
}

/**
 * Tells the settings from the rest; options that are `undefined` count as not given.
 * @throws UsageError for unknown options and for clashes
 */
export function splitOptions(options: TrainOptions): SplitOptions {
  const runOptions: Record<string, unknown> = {};
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if ((RUN_OPTION_NAMES as readonly string[]).includes(name)) runOptions[name] = value;
    else if ((SETTING_NAMES as readonly string[]).includes(name)) given[name] = value;
    else
      throw new UsageError(
        `Unknown training option ${name}; there are: ${[...RUN_OPTION_NAMES, ...SETTING_NAMES].join(', ')}`,
      );
  }
  const checked = runOptions as unknown as RunOptions;
  checkRunOptions(checked);
  return { runOptions: checked, given };
}

function checkRunOptions({ run, dataset, resume, overwrite, preset, network, shape, ...limits }: RunOptions): void {
  const { maxSteps, threads, maxMinutes, saveEverySeconds } = limits;
  if (typeof run !== 'string' || run === '')
    throw new UsageError('run: expected the folder of the run, received nothing');
  if (dataset === undefined) throw new UsageError('dataset: expected the folder of a dataset, received nothing');
  if (resume === true && overwrite === true) throw new UsageError('Give either resume or overwrite, not both');
  if (preset !== undefined && network !== undefined)
    throw new UsageError('Give either a preset or a network, not both');
  if (shape !== undefined && network !== undefined) throw new UsageError('Give either a shape or a network, not both');
  for (const [name, value] of Object.entries({ maxSteps, threads, maxMinutes, saveEverySeconds })) {
    const { expected, holds } = RANGES[name as keyof typeof RANGES];
    if (value === undefined || (typeof value === 'number' && holds(value))) continue;
    throw new UsageError(expectation(name, expected, value));
  }
}

const RANGES = {
  maxSteps: { expected: 'a whole number from 1 up', holds: (value: number) => Number.isInteger(value) && value >= 1 },
  threads: { expected: 'a whole number from 1 up', holds: (value: number) => Number.isInteger(value) && value >= 1 },
  // A sitting of no time at all would train nothing, and call that a success.
  maxMinutes: { expected: 'a number above 0', holds: (value: number) => value > 0 },
  saveEverySeconds: { expected: 'a number from 0 up', holds: (value: number) => value >= 0 },
};
