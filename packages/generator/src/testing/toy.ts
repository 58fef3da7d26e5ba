import type { Bundle, BundleConfig } from '@rondo/checkpoint';
import { Network, type NetworkSpec } from '@rondo/core-native';
import { createScheme, type Note, type Score, Tokenizer, Vocabulary } from '@rondo/tokenizer';

const TICKS = 12; // to a quarter

/** A piece in 4/4 from one list of pitches per bar, notes of equal length. */
export function pieceOf(bars: readonly (readonly number[])[]): Score {
  const notes: Note[] = bars.flatMap((pitches, bar) =>
    pitches.map((pitch, i) => {
      const duration = (4 * TICKS) / pitches.length;
      return { tick: bar * 4 * TICKS + i * duration, duration, pitch, velocity: 79 };
    }),
  );
  return {
    ticksPerQuarter: TICKS,
    tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    tracks: [{ name: 'piano', program: 0, isDrum: false, notes, pedals: [] }],
    endTick: bars.length * 4 * TICKS,
  };
}

/** Twelve little pieces: arpeggios of three chords in turn, in four bars each. */
export function toyCorpus(): Score[] {
  const chords = [0, 5, 7, 0];
  return Array.from({ length: 12 }, (_, i) =>
    pieceOf(chords.map((root) => [0, 4, 7, i % 2 === 0 ? 12 : 4].map((step) => 58 + (i % 3) * 2 + root + step))),
  );
}

export interface ToyOptions {
  objective?: 'all' | 'last';
  sequence?: number;
  preset?: string;
  units?: number;
  bidirectional?: boolean;
}

/** An untrained network over a tokenizer's vocabulary. */
export function toyBundle(tokenizer: Tokenizer, options: ToyOptions = {}): Bundle {
  const { objective = 'all', sequence = 16, preset = 'toy', units = 32, bidirectional = false } = options;
  const vocabulary = tokenizer.vocabulary.size;
  const spec: NetworkSpec = {
    inputs: [{ kind: 'embedding', name: 'tokens', vocabulary, units: 16 }],
    layers: [{ kind: 'lstm', units, bidirectional, returnSequences: objective === 'all' }],
    heads: [{ kind: 'softmax', name: 'next', vocabulary }],
  };
  const network = Network.create(spec, { seed: 5, device: 'cpu', threads: 2, optimizer: { kind: 'adam' } });
  const config: BundleConfig = {
    format: 'rondo-bundle',
    formatVersion: 1,
    rondoVersion: '0.1.0',
    createdAt: '2026-01-01T00:00:00.000Z',
    preset,
    objective,
    sequence,
    spec: network.spec,
    optimizer: network.optimizer,
    tokenizerFingerprint: tokenizer.fingerprint,
    vocabulary,
    provenance: {},
  };
  return { network, tokenizer, config, seeds: [] };
}

/** Trains on whole pieces of equal length, every piece a row. Returns the last loss. */
export async function trainToy(
  { network, config }: Bundle,
  pieces: readonly Int32Array[],
  steps: number,
): Promise<number> {
  const batch = pieces.length;
  const time = Math.min(...pieces.map((ids) => ids.length)) - 1;
  const columns = (shift: number, length: number) =>
    Int32Array.from({ length: length * batch }, (_, i) => pieces[i % batch][Math.floor(i / batch) + shift]);
  let loss = NaN;
  for (let step = 0; step < steps; step++) {
    const whole = { batch, time, inputs: { tokens: columns(0, time) }, targets: { next: columns(1, time) } };
    const at = step % Math.max(1, time - config.sequence);
    const window = {
      batch,
      time: config.sequence,
      inputs: { tokens: columns(at, config.sequence) },
      targets: { next: columns(at + config.sequence, 1) },
    };
    ({ loss } = await network.trainStep(config.objective === 'all' ? whole : window, {
      learningRate: 0.01,
      clipNorm: 1,
    }));
  }
  return loss;
}

/** A tokenizer over the toy corpus (or other scores) and the ids of each piece. */
export function toyTokens(
  scores: readonly Score[] = toyCorpus(),
  name: 'remi' | 'chord' = 'remi',
): { tokenizer: Tokenizer; pieces: Int32Array[] } {
  const scheme = createScheme({ name });
  const tokens = scores.flatMap((score) => scheme.encode(score));
  const tokenizer = new Tokenizer(scheme, Vocabulary.build(tokens, { specials: scheme.specials }));
  return { tokenizer, pieces: scores.map((score) => tokenizer.encode(score)) };
}
