import type { NetworkSpec } from '@rondo/core-native';
import type { Tokenizer } from '@rondo/tokenizer';
import { UsageError } from '../errors.js';
import { figureNetwork, tutorialNetwork } from './networks.js';
import type { TrainSettings } from './settings.js';
import { changeShape, type PresetShape, type ShapeChanges, shapedNetwork } from './shape.js';
import { TOLD, TOLD_OF_BARS, TOLD_OF_KEYS, TOLD_OF_STRAINS } from './told.js';

/** A network for any vocabulary, and what differs from the default settings. */
export interface Preset {
  /** One line for lists of presets. */
  readonly summary: string;
  /** @param tokenizer where it has frames, some networks are told more than the last token */
  network(vocabulary: number, tokenizer?: Tokenizer): NetworkSpec;
  /** Of presets whose shape can be changed. */
  readonly shape?: PresetShape;
  readonly settings: Partial<TrainSettings>;
}

/** The recipe of the report: windows of 100, no clipping, no early stopping. */
const TUTORIAL: Partial<TrainSettings> = {
  objective: 'last',
  sequence: 100,
  batch: 128,
  epochs: 20,
  clipNorm: 0,
  patience: 0,
};

const ADAMW: Partial<TrainSettings> = {
  optimizer: { kind: 'adamw', weightDecay: 0.01 },
  learningRate: 2e-3,
};

/** For the schemes with frames: a rate that falls over the whole training, and the average of the weights as the model. */
const GRID: Partial<TrainSettings> = { ...ADAMW, schedule: 'cosine', warmupSteps: 100, averaging: 0.998, patience: 0 };

function shaped(summary: string, shape: PresetShape, settings: Partial<TrainSettings>): Preset {
  return { summary, shape, settings, network: shapedNetwork(shape) };
}

const PRESET_TABLE = {
  tutorial: {
    summary: 'the report’s appendix network: 3 × LSTM 512, batch norm, Dense 256; hours on a CPU',
    network: tutorialNetwork,
    settings: TUTORIAL,
  },
  'tutorial-fig6': {
    summary: 'the report’s figure 2.6: LSTM 256, 512, 256',
    network: (vocabulary) => figureNetwork(vocabulary, [256, 512, 256]),
    settings: TUTORIAL,
  },
  'tutorial-fig7': {
    summary: 'the report’s figure 2.7: 3 × LSTM 512',
    network: (vocabulary) => figureNetwork(vocabulary, [512, 512, 512]),
    settings: TUTORIAL,
  },
  small: shaped(
    'LSTM 192: learns a small corpus within minutes on two CPU cores',
    { embedding: 64, units: [192], inputDropout: 0.1, dropout: 0.2 },
    // Small batches and a high rate: within minutes the number of updates is what counts.
    { ...ADAMW, learningRate: 3e-3, batch: 16, evaluateEvery: 500 },
  ),
  medium: shaped(
    '2 × LSTM 384: an hour or so on a CPU',
    { embedding: 128, units: [384, 384], inputDropout: 0.1, dropout: 0.3 },
    { ...ADAMW, sequence: 128, epochs: 40 },
  ),
  large: shaped(
    '3 × LSTM 1024: for big corpora and a GPU',
    { embedding: 256, units: [1024, 1024, 1024], inputDropout: 0.1, dropout: 0.3 },
    {
      ...ADAMW,
      learningRate: 1e-3,
      warmupSteps: 500,
      schedule: 'cosine',
      sequence: 256,
      batch: 64,
      epochs: 40,
    },
  ),
  bilstm: shaped(
    '2 × bidirectional LSTM 128 over windows of 100',
    { embedding: 64, units: [128, 128], dropout: 0.2, bidirectional: true },
    { ...ADAMW, learningRate: 1e-3, objective: 'last', sequence: 100, batch: 64 },
  ),
  chorales: shaped(
    'for the grid scheme on chorales: 2 × LSTM 384, strong dropout',
    { embedding: 128, units: [384, 384], inputDropout: 0.1, dropout: 0.4, tied: true, told: TOLD },
    { ...GRID, batch: 16, sequence: 100, epochs: 12 },
  ),
  nottingham: shaped(
    'for the grid scheme on folk tunes with chords: LSTM 448',
    { embedding: 128, units: [448], dropout: 0.2, tied: true, told: TOLD_OF_STRAINS },
    { ...GRID, batch: 16, sequence: 160, epochs: 1, evaluateEvery: 600 },
  ),
  piano: shaped(
    'for the performance scheme with --pedals on many hours of piano, for a GPU: 3 × LSTM 1024',
    { embedding: 256, units: [1024, 1024, 1024], inputDropout: 0.05, dropout: 0.2, told: TOLD_OF_KEYS },
    {
      ...ADAMW,
      learningRate: 1e-3,
      warmupSteps: 1000,
      schedule: 'cosine',
      averaging: 0.999,
      sequence: 512,
      batch: 64,
      epochs: 10,
      evaluateEvery: 1000,
    },
  ),
  'piano-small': shaped(
    'the same for a CPU: LSTM 640, once through the data',
    // A single layer: of two the second learns too slowly for one pass.
    { embedding: 128, units: [640], told: TOLD_OF_KEYS },
    // Nothing comes twice, so nothing is dropped; small batches, since the number of updates is what counts.
    {
      ...ADAMW,
      schedule: 'cosine',
      warmupSteps: 100,
      averaging: 0.998,
      sequence: 128,
      batch: 16,
      epochs: 1,
      evaluateEvery: 5000,
    },
  ),
  band: shaped(
    'for remi on several instruments: 2 × LSTM 256, told of the bars before',
    { embedding: 96, units: [256, 256], inputDropout: 0.05, dropout: 0.2, told: TOLD_OF_BARS },
    {
      ...ADAMW,
      learningRate: 3e-3,
      schedule: 'cosine',
      warmupSteps: 100,
      sequence: 128,
      batch: 16,
      epochs: 4,
      evaluateEvery: 500,
    },
  ),
} satisfies Record<string, Preset>;

/** Name of a preset, as `--preset` takes it. */
export type PresetName = keyof typeof PRESET_TABLE;

/** All presets by name. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = PRESET_TABLE;
/** Their names, in the order in which they are shown. */
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** @throws UsageError that lists the presets when there is none of that name */
export function findPreset(name: string): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name as PresetName];
  throw new UsageError(`There is no preset "${name}"; choose one of ${PRESET_NAMES.join(', ')}`);
}

/**
 * The network of a preset, with changes of its shape.
 * @throws UsageError for changes of a network that stands as it is
 */
export function presetNetwork(name: string, changes: ShapeChanges = {}): Preset['network'] {
  const { network, shape } = findPreset(name);
  if (Object.values(changes).every((value) => value === undefined)) return network;
  if (shape !== undefined) return shapedNetwork(changeShape(shape, changes));
  throw new UsageError(
    `The preset ${name} is a network of its own; choose one of ${SHAPED_NAMES.join(', ')} to change its shape`,
  );
}

const SHAPED_NAMES = PRESET_NAMES.filter((name) => PRESETS[name].shape !== undefined);
