import { takesIds } from '@rondo/core-native';
import type { Tokenizer } from '@rondo/tokenizer';
import { CheckpointError } from '../errors.js';
import type { BundleConfig } from './config.js';

/** One side of a comparison of vocabularies, with the name that messages give it. */
export interface VocabularySide {
  name: string;
  fingerprint: string;
  vocabulary: number;
}

/** The side that a tokenizer stands for. */
export function tokenizerSide(name: string, tokenizer: Tokenizer): VocabularySide {
  return { name, fingerprint: tokenizer.fingerprint, vocabulary: tokenizer.vocabulary.size };
}

/** The side that a bundle's config stands for. */
export function configSide(name: string, config: BundleConfig): VocabularySide {
  return { name, fingerprint: config.tokenizerFingerprint, vocabulary: config.vocabulary };
}

/**
 * Ids mean the same on both sides only if both have the same tokenizer.
 * @throws CheckpointError `RONDO_CHECKPOINT_VOCABULARY` that names both sides
 */
export function assertSameVocabulary(left: VocabularySide, right: VocabularySide): void {
  if (left.fingerprint === right.fingerprint && left.vocabulary === right.vocabulary) return;
  const message = `${describe(left)} and ${describe(right)} have different vocabularies; use the tokenizer that the model was trained with.`;
  throw new CheckpointError('RONDO_CHECKPOINT_VOCABULARY', message);
}

/**
 * The network's id inputs and its first softmax head must be as wide as the vocabulary.
 * @throws CheckpointError `RONDO_CHECKPOINT_VOCABULARY`
 */
export function assertVocabularyFits(config: BundleConfig, label: string): void {
  const { spec, vocabulary } = config;
  const input = spec.inputs.find(takesIds);
  const head = spec.heads.find((one) => one.kind === 'softmax');
  for (const part of [input, head]) {
    if (part === undefined || part.vocabulary === vocabulary) continue;
    const message = `${label} describes a network for ${part.vocabulary} tokens (${part.name}) but a vocabulary of ${vocabulary}; the bundle was put together from two models.`;
    throw new CheckpointError('RONDO_CHECKPOINT_VOCABULARY', message);
  }
}

function describe({ name, fingerprint, vocabulary }: VocabularySide): string {
  return `${name} (${vocabulary} tokens, fingerprint ${fingerprint.slice(0, 12)})`;
}
