import { Network, type NetworkSpec, resolveNetworkSpec, EngineError } from '@rondo/core-native';
import { createScheme, Tokenizer } from '@rondo/tokenizer';
import { basename } from 'node:path';
import type { Bundle } from '../bundle/bundle.js';
import type { KerasArchive, KerasFormat } from './archive/archive.js';
import { openArchive } from './archive/open-archive.js';
import { KerasError, unsupported } from './errors.js';
import { LIMITS } from './limits.js';
import { collectTensors, networkSpec } from './model/collect-tensors.js';
import { readOptimizer } from './model/optimizer.js';
import { planFromConfig } from './model/plan-config.js';
import { type Layout, planFromLayout } from './model/plan-layout.js';
import { isLstm, type Plan } from './model/plan.js';
import { type Notes, readNotes } from './notes/read-notes.js';
import { readLimited } from './read-limited.js';
import { rondoVersion } from '../version.js';

/** The window of the tutorial, for files that name none. */
const DEFAULT_SEQUENCE = 100;

/** Windows of the corpus that travel with the model, for priming. */
const SEED_WINDOWS = 8;

/** The notes of a Keras model, and what its file may not say. */
export interface KerasImportOptions {
  /** File with the corpus (`notes`) or its vocabulary: JSON, or a Python pickle. */
  notes: string;
  /** Gates of a network whose file does not say them. */
  gate?: 'sigmoid' | 'hardSigmoid';
  /** Tokens of a window; default: what the file says, else 100. */
  sequence?: number;
  /** What a file of weights only is to be read as; default: the tutorial's networks. */
  like?: Layout;
  device?: 'auto' | 'cpu' | 'cuda';
  threads?: number;
  /** Ends the import; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What was found, and what had to be assumed. */
export interface KerasImportReport {
  format: KerasFormat;
  kerasVersion?: string;
  parameters: number;
  vocabulary: number;
  sequence: number;
  /** Windows for priming, from the corpus. */
  seeds: number;
  /** What the user should know. */
  notes: string[];
}

/**
 * Makes a model bundle from a Keras file: `.h5` and `.hdf5` (weights or whole models), `.weights.h5` and `.keras` of
 * networks of LSTM, Bidirectional(LSTM), Dropout, BatchNormalization, Dense and Activation layers, as the well-known
 * tutorial on music with Keras builds them: from windows of id / vocabulary to a softmax over the next token.
 * @param file the weights
 * @returns the bundle (the caller disposes its network) and what was found
 * @throws KerasError; EngineError where the device or the memory is not there
 */
export async function importKeras(
  file: string,
  options: KerasImportOptions,
): Promise<{ bundle: Bundle; report: KerasImportReport }> {
  const sequenceGiven = checkSequence(options.sequence);
  const notes = readNotes(await readLimited(options.notes, LIMITS.notesBytes), options.notes);
  const { signal } = options;
  const archive = await openArchive(await readLimited(file, LIMITS.modelBytes), file, { signal });
  signal?.throwIfAborted();
  const { like, gate } = options;
  const plan = archive.config === undefined ? planFromLayout(archive, gate, like) : planFromConfig(archive);
  const tokenizer = tokenizerFor(notes, plan, options.notes);
  const sequence = sequenceGiven ?? checkSequence(plan.window) ?? DEFAULT_SEQUENCE;
  const remarks = [...plan.notes, ...contradictions(plan, archive, options), ...unplayable(tokenizer)];
  const seeds = seedWindows(notes.corpus, sequence);
  const network = makeNetwork(plan, archive, options);
  const { format, kerasVersion } = archive;
  const found = { format, ...(kerasVersion === undefined ? {} : { kerasVersion }) };
  const origin = { file: basename(file), ...found, notes: basename(options.notes), remarks };
  const config = describe(network, tokenizer, sequence, origin);
  const { vocabulary } = config;
  const report = { ...found, parameters: network.parameterCount, vocabulary, sequence, seeds: seeds.length };
  return { bundle: { network, tokenizer, config, seeds }, report: { ...report, notes: remarks } };
}

/** The network with the file's weights. Nothing is allocated before every array is known to fit. */
function makeNetwork(plan: Plan, archive: KerasArchive, { device, threads }: KerasImportOptions): Network {
  const spec = resolveSpec(networkSpec(plan));
  const tensors = collectTensors(plan, archive);
  const optimizer = readOptimizer(archive.training, archive.kerasVersion);
  const network = Network.create(spec, { seed: 0, device, threads, optimizer });
  try {
    network.writeParameters(tensors);
    return network;
  } catch (error) {
    network.dispose();
    throw error;
  }
}

function describe(network: Network, tokenizer: Tokenizer, sequence: number, keras: object): Bundle['config'] {
  return {
    format: 'rondo-bundle',
    formatVersion: 1,
    rondoVersion,
    createdAt: new Date().toISOString(),
    preset: 'keras',
    objective: 'last',
    sequence,
    spec: network.spec,
    optimizer: network.optimizer,
    tokenizerFingerprint: tokenizer.fingerprint,
    vocabulary: tokenizer.vocabulary.size,
    provenance: { keras },
  };
}

function checkSequence(sequence: number | undefined): number | undefined {
  if (sequence === undefined || (Number.isInteger(sequence) && sequence >= 1 && sequence <= LIMITS.sequence))
    return sequence;
  const message = `A window has 1 to ${LIMITS.sequence} tokens, not ${sequence}; choose it with --sequence.`;
  throw new KerasError('RONDO_KERAS_OPTION', message);
}

function resolveSpec(spec: NetworkSpec): NetworkSpec {
  try {
    return resolveNetworkSpec(spec);
  } catch (error) {
    if (error instanceof EngineError) throw unsupported(error.message);
    throw error;
  }
}

function tokenizerFor({ vocabulary }: Notes, plan: Plan, label: string): Tokenizer {
  const outputs = plan.head.spec.units;
  if (vocabulary.size !== outputs) {
    const message = `${label} has ${vocabulary.size} different tokens, but the network predicts ${outputs} (its last Dense layer); give the notes that it was trained with.`;
    throw new KerasError('RONDO_KERAS_VOCABULARY', message);
  }
  return new Tokenizer(createScheme({ name: 'chord' }), vocabulary);
}

/** What was asked for and is not done because the file says otherwise, or is done although it does. */
function contradictions(plan: Plan, archive: KerasArchive, { gate, like, sequence }: KerasImportOptions): string[] {
  const found: string[] = [];
  if (sequence !== undefined && plan.window !== undefined && sequence !== plan.window)
    found.push(`the network was trained on windows of ${plan.window}, it is given ${sequence} as asked`);
  if (archive.config === undefined) return found;
  const gates = plan.layers.flatMap(({ spec }) => (isLstm(spec) ? [spec.gateActivation] : []));
  if (gate !== undefined && gates.some((one) => one !== gate))
    found.push('the file says what its gates are: the gates asked for are not taken');
  if (like !== undefined) found.push(`the file describes its network: ${like.name} is not needed`);
  return found;
}

/** Tokens that are no notes or chords: the network may say them, but they are silent. */
function unplayable({ vocabulary, scheme }: Tokenizer): string[] {
  const grammar = scheme.grammar();
  const silent = vocabulary.tokens.filter((token) => !grammar.allows(token));
  if (silent.length === 0) return [];
  const some = silent.slice(0, 5).map((token) => JSON.stringify(token.slice(0, 40)));
  return [`${silent.length} tokens are neither note nor chord and stay silent: ${some.join(', ')}`];
}

/** Windows from all over the corpus. */
function seedWindows(corpus: Int32Array | undefined, sequence: number): Int32Array[] {
  if (corpus === undefined || corpus.length < sequence) return [];
  const room = corpus.length - sequence;
  const starts = Array.from({ length: SEED_WINDOWS }, (_, index) => Math.floor((index * room) / SEED_WINDOWS));
  return [...new Set(starts)].map((start) => corpus.slice(start, start + sequence));
}
