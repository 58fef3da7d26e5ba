import type { BundleConfig } from '@rondo/checkpoint';
import type { Network, Precision } from '@rondo/core-native';
import type { Dataset } from '@rondo/tokenizer';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { TrainSettings } from '../presets/settings.js';
import type { DatasetIdentity } from './dataset-identity.js';
import { passesDone, type Progress } from './progress.js';

const { version } = createRequire(import.meta.url)('@rondo/trainer/package.json') as { version: string };

interface RunFacts {
  preset: string;
  settings: TrainSettings;
  network: Network;
  dataset: Dataset;
  identity: DatasetIdentity;
}

/** The `config.json` of a training's bundles, before anything is learnt. */
export function describeRun({ preset, settings, network, dataset, identity }: RunFacts): BundleConfig {
  const { tokenizer, manifest } = dataset;
  return {
    format: 'rondo-bundle',
    formatVersion: 1,
    rondoVersion: version,
    createdAt: new Date().toISOString(),
    preset,
    objective: settings.objective,
    sequence: settings.sequence,
    spec: network.spec,
    optimizer: network.optimizer,
    tokenizerFingerprint: tokenizer.fingerprint,
    vocabulary: tokenizer.vocabulary.size,
    provenance: {
      dataset: { name: basename(identity.path), digest: identity.digest },
      trainTokens: identity.trainTokens,
      validTokens: identity.validTokens,
      trainPieces: manifest.splits.train.pieces,
      baselines: manifest.baselines,
      settings,
      ...engineOf(network),
    },
  };
}

/** What the numbers of a training depend on besides its settings: where it runs, and in which arithmetic. */
export function engineOf({ device, precision }: Network): { device: string; precision: Precision } {
  return { device: device.kind, precision };
}

/** The same with what the training has come to. */
export function withProgress(config: BundleConfig, progress: Progress, stepsPerEpoch: number): BundleConfig {
  const { step, best, seconds } = progress;
  const epochs = passesDone(progress, stepsPerEpoch);
  return {
    ...config,
    createdAt: new Date().toISOString(),
    provenance: { ...config.provenance, epochs, steps: step, seconds, best },
  };
}
