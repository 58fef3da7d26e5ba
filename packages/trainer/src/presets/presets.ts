import type { NetworkSpec } from '@rondo/core-native';
import { historyInputs, type Tokenizer } from '@rondo/tokenizer';
import { UsageError } from '../errors.js';
import { embeddedNetwork, figureNetwork, tutorialNetwork } from './networks.js';
import type { TrainSettings } from './settings.js';

/** A network for any vocabulary, and what differs from the default settings. */
export interface Preset {
  /** One line for lists of presets. */
  readonly summary: string;
  /** @param tokenizer where it has frames, some networks take the place in the frame as well */
  network(vocabulary: number, tokenizer?: Tokenizer): NetworkSpec;
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

/** Inputs of the history with the widths of their vectors; none for schemes without frames. */
function told(tokenizer: Tokenizer | undefined, widths: Readonly<Record<string, number>>) {
  const known = tokenizer && historyInputs(tokenizer);
  if (known === undefined) return [];
  return Object.entries(widths).map(([name, units]) => ({ name, vocabulary: known[name]?.size ?? 0, units }));
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
  small: {
    summary: 'LSTM 192: learns a small corpus within minutes on two CPU cores',
    network: (vocabulary) =>
      embeddedNetwork(vocabulary, { embedding: 64, units: [192], inputDropout: 0.1, dropout: 0.2 }),
    // Small batches and a high rate: within minutes the number of updates is what counts.
    settings: { ...ADAMW, learningRate: 3e-3, batch: 16, evaluateEvery: 500 },
  },
  medium: {
    summary: '2 × LSTM 384: an hour or so on a CPU',
    network: (vocabulary) =>
      embeddedNetwork(vocabulary, { embedding: 128, units: [384, 384], inputDropout: 0.1, dropout: 0.3 }),
    settings: { ...ADAMW, sequence: 128, epochs: 40 },
  },
  large: {
    summary: '3 × LSTM 1024: for big corpora and a GPU',
    network: (vocabulary) =>
      embeddedNetwork(vocabulary, { embedding: 256, units: [1024, 1024, 1024], inputDropout: 0.1, dropout: 0.3 }),
    settings: {
      ...ADAMW,
      learningRate: 1e-3,
      warmupSteps: 500,
      schedule: 'cosine',
      sequence: 256,
      batch: 64,
      epochs: 40,
    },
  },
  bilstm: {
    summary: '2 × bidirectional LSTM 128 over windows of 100',
    network: (vocabulary) =>
      embeddedNetwork(vocabulary, { embedding: 64, units: [128, 128], dropout: 0.2, bidirectional: true }),
    settings: { ...ADAMW, learningRate: 1e-3, objective: 'last', sequence: 100, batch: 64 },
  },
  chorales: {
    summary: 'for the grid scheme on chorales: 2 × LSTM 384, strong dropout',
    network: (vocabulary, tokenizer) =>
      embeddedNetwork(vocabulary, {
        ...{ embedding: 128, units: [384, 384], inputDropout: 0.1, dropout: 0.4 },
        told: told(tokenizer, { place: 32 }),
      }),
    settings: { ...ADAMW, schedule: 'cosine', warmupSteps: 100, sequence: 160, epochs: 12, patience: 4 },
  },
  nottingham: {
    summary: 'for the grid scheme on folk tunes with chords: 2 × LSTM 320',
    network: (vocabulary, tokenizer) =>
      embeddedNetwork(vocabulary, {
        ...{ embedding: 128, units: [320, 320], dropout: 0.2 },
        told: told(tokenizer, { place: 32 }),
      }),
    settings: { ...ADAMW, schedule: 'cosine', warmupSteps: 100, sequence: 160, epochs: 11, patience: 4 },
  },
  band: {
    summary: 'for remi on several instruments: 2 × LSTM 256, long windows',
    network: (vocabulary) =>
      embeddedNetwork(vocabulary, { embedding: 96, units: [256, 256], inputDropout: 0.05, dropout: 0.2 }),
    settings: {
      ...ADAMW,
      learningRate: 3e-3,
      schedule: 'cosine',
      warmupSteps: 100,
      sequence: 128,
      batch: 16,
      epochs: 4,
      evaluateEvery: 500,
    },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESET_TABLE;

export const PRESETS: Readonly<Record<PresetName, Preset>> = PRESET_TABLE;
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** @throws UsageError that lists the presets when there is none of that name */
export function findPreset(name: string): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name as PresetName];
  throw new UsageError(`There is no preset "${name}"; choose one of ${PRESET_NAMES.join(', ')}`);
}
