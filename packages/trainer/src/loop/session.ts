import { join } from 'node:path';
import { type Bundle, loadCheckpoint, readBundleConfig, restoreTraining } from '@rondo/checkpoint';
import { type HeadSpec, Network, type NetworkSpec, type Tensors } from '@rondo/core-native';
import type { Dataset } from '@rondo/tokenizer';
import type { BatchPlan, TokenNames } from '../batches/epoch.js';
import { type PieceSource, splitSource } from '../batches/piece-source.js';
import { planBatches, tokenNames } from '../batches/plan.js';
import { TrainerError } from '../errors.js';
import { adaptToObjective } from '../presets/objective.js';
import { findPreset, presetNetwork } from '../presets/presets.js';
import { resolveSettings, type TrainSettings } from '../presets/settings.js';
import { describeRun, engineOf } from './bundle-config.js';
import { type DatasetIdentity, identifyDataset } from './dataset-identity.js';
import { chooseEngine } from './engine-options.js';
import { type MemoryNeed, requireMemory } from './memory.js';
import type { RunOptions, SplitOptions } from './options.js';
import { newProgress, type Progress } from './progress.js';
import { CUSTOM_PRESET, resumeSettings } from './resume.js';
import type { RunState } from './run-state.js';
import { pickSeeds } from './seeds.js';
import { WeightAverage } from './weight-average.js';

/** Everything that a training works with. */
export interface Session {
  run: string;
  preset: string;
  settings: TrainSettings;
  dataset: Dataset;
  identity: DatasetIdentity;
  names: TokenNames;
  plan: BatchPlan;
  /** Undefined where there is nothing held out that can be scored. */
  valid: PieceSource | undefined;
  bundle: Bundle;
  /** Of the weights, where the settings ask for one. */
  average: WeightAverage | undefined;
  progress: Progress;
  /** What all this was expected to take. */
  memory: MemoryNeed;
  /** To be said once. */
  warnings: string[];
}

const DEFAULT_PRESET = 'small';

/** A new training: nothing is written yet. @throws UsageError, TrainerError, EngineError */
export function startSession(dataset: Dataset, { runOptions, given }: SplitOptions): Session {
  const { network: own, preset = own === undefined ? DEFAULT_PRESET : CUSTOM_PRESET } = runOptions;
  const settings = resolveSettings(own === undefined ? findPreset(preset).settings : {}, given);
  const spec = specOf(own ?? presetNetwork(preset, runOptions.shape), settings, dataset);
  const data = planData(dataset, settings, tokenNames(spec, dataset.tokenizer));
  const engine = chooseEngine(runOptions);
  const memory = requireMemory(spec, settings, data, engine.options);
  const network = Network.create(spec, { seed: settings.seed, optimizer: settings.optimizer, ...engine.options });
  reserve(network, data.plan);
  const identity = identifyDataset(dataset);
  const config = describeRun({ preset, settings, network, dataset, identity });
  const seeds = pickSeeds(splitSource(dataset.split('train')), settings);
  const bundle = { network, tokenizer: dataset.tokenizer, config, seeds };
  const warnings = [...data.warnings, ...engine.warnings];
  return {
    ...data,
    memory,
    run: runOptions.run,
    preset,
    settings,
    dataset,
    identity,
    bundle,
    average: averageOf(settings),
    progress: newProgress(),
    warnings,
  };
}

/** A training that goes on where `state` stands. @throws as `startSession`, and CheckpointError */
export async function resumeSession(
  dataset: Dataset,
  { runOptions, given }: SplitOptions,
  state: RunState,
): Promise<Session> {
  const identity = identifyDataset(dataset);
  const { settings, warnings } = resumeSettings(state, runOptions, given, identity);
  const engine = chooseEngine(runOptions);
  const { spec } = await readBundleConfig(join(runOptions.run, 'last'));
  const data = planData(dataset, settings, tokenNames(spec, dataset.tokenizer));
  const memory = requireMemory(spec, settings, data, engine.options);
  const loaded = await loadCheckpoint(runOptions.run, 'last', { seed: settings.seed, ...engine.options });
  if (loaded?.training === undefined)
    throw new TrainerError('RONDO_TRAINER_STATE', `${join(runOptions.run, 'last')} is gone`);
  const { bundle, training } = loaded;
  try {
    restoreTraining(bundle.network, training);
    checkSpec(runOptions, state.preset, bundle.network.spec, settings, dataset);
    reserve(bundle.network, data.plan);
    warnings.push(...data.warnings, ...engine.warnings, ...moveToEngine(bundle));
    const { preset, progress } = state;
    const average = averageOf(settings, training.averages);
    // Whoever gives another rate means this one, and no share of it.
    if (settings.learningRate !== state.settings.learningRate) progress.rateShare = 1;
    return {
      ...data,
      memory,
      run: runOptions.run,
      preset,
      settings,
      dataset,
      identity,
      bundle,
      average,
      progress,
      warnings,
    };
  } catch (error) {
    bundle.network.dispose();
    throw error;
  }
}

function averageOf({ averaging }: TrainSettings, stored?: Tensors): WeightAverage | undefined {
  return averaging === 0 ? undefined : new WeightAverage(averaging, stored);
}

/** Takes the memory of training, or ends before anything is written. @throws EngineError */
function reserve(network: Network, plan: BatchPlan): void {
  const { time, batch } = plan.epoch(0).batchAt(0).batch;
  try {
    network.reserve({ time, batch });
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** Notes where the run goes on from here, and says so when it was elsewhere before. */
function moveToEngine(bundle: Bundle): string[] {
  const { device, precision } = bundle.config.provenance;
  const now = engineOf(bundle.network);
  bundle.config.provenance = { ...bundle.config.provenance, ...now };
  if (device === undefined || (device === now.device && precision === now.precision)) return [];
  return [
    `The run was made on ${String(device)} in ${String(precision)} and goes on on ${now.device} in ${now.precision}; ` +
      'it is no longer what one sitting gives',
  ];
}

interface PlannedData {
  names: TokenNames;
  plan: BatchPlan;
  valid: PieceSource | undefined;
  warnings: string[];
}

function planData(dataset: Dataset, settings: TrainSettings, names: TokenNames): PlannedData {
  const { objective, sequence, batch, seed } = settings;
  const train = splitSource(dataset.split('train'));
  const plan = planBatches(objective, train, { names, sequence, batch, seed });
  const warnings: string[] = [];
  const least = objective === 'last' ? sequence : 1;
  if (plan.shortPieces > 0) {
    warnings.push(
      `${plan.shortPieces} of ${train.count} training pieces have no more than ${least} tokens and are not used`,
    );
  }
  const held = splitSource(dataset.split('valid'));
  let scored = 0;
  for (let piece = 0; piece < held.count; piece++) if (held.length(piece) > least) scored++;
  if (scored > 0 && scored < held.count) {
    warnings.push(
      `${held.count - scored} of ${held.count} held-out pieces have no more than ${least} tokens and are not scored`,
    );
  }
  if (scored === 0) {
    warnings.push(
      'There is nothing held out that can be scored: no early stopping, no best model, and memorising goes unseen',
    );
  }
  return { names, plan, valid: scored > 0 ? held : undefined, warnings };
}

/** A network of the objective, over the vocabulary of a dataset. */
function specOf(
  network: NonNullable<RunOptions['network']>,
  { objective }: TrainSettings,
  { tokenizer }: Dataset,
): NetworkSpec {
  return adaptToObjective(network(tokenizer.vocabulary.size, tokenizer), objective);
}

/** A network or a shape given by the caller must be the one that the run has. */
function checkSpec(
  { run, network, shape }: RunOptions,
  preset: string,
  spec: NetworkSpec,
  settings: TrainSettings,
  dataset: Dataset,
): void {
  if (network === undefined && shape === undefined) return;
  const given = specOf(network ?? presetNetwork(preset, shape), settings, dataset);
  const [before, now] = [layerNames(spec), layerNames(given)];
  if (before === now) return;
  throw new TrainerError(
    'RONDO_TRAINER_MISMATCH',
    `${run} was trained with the layers ${before} and cannot go on with ${now}`,
  );
}

function layerNames({ inputs, layers, heads }: NetworkSpec): string {
  const sizes = [...inputs, ...layers].map((part) => {
    const size = 'units' in part ? part.units : 'rate' in part ? part.rate : '';
    const inside = 'recurrentDropout' in part && part.recurrentDropout ? ` (${part.recurrentDropout})` : '';
    return `${part.kind} ${size}${inside}`.trim();
  });
  return [...sizes, ...heads.map(headName)].join(', ');
}

function headName(head: HeadSpec): string {
  if (head.kind === 'regression') return `regression ${head.units}`;
  const traits = [head.tied && `tied to ${head.tied}`, head.smoothing && `label smoothing ${head.smoothing}`];
  const told = traits.filter(Boolean).join(', ');
  return `softmax ${head.vocabulary}${told && ` (${told})`}`;
}
