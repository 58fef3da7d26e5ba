import type { HeadSpec, InputSpec, LayerSpec, NetworkSpec } from '@rondo/core-native';

// Networks over one stream of token ids. V = vocabulary. `returnSequences` is set later, by the objective.

/** Name of the input that takes ids, in every preset. */
export const INPUT_NAME = 'tokens';
/** Name of the head that predicts the next id, in every preset. */
export const HEAD_NAME = 'next';

const embedding = (vocabulary: number, units: number): InputSpec => ({
  kind: 'embedding',
  name: INPUT_NAME,
  vocabulary,
  units,
});

function withHead(vocabulary: number, input: InputSpec, layers: LayerSpec[]): NetworkSpec {
  return { inputs: [input], layers, heads: [{ kind: 'softmax', name: HEAD_NAME, vocabulary }] };
}

/** id / V as the only feature: what the tutorial feeds its networks. */
function scalarNetwork(vocabulary: number, layers: LayerSpec[]): NetworkSpec {
  return withHead(vocabulary, { kind: 'scalar', name: INPUT_NAME, vocabulary }, layers);
}

/** The appendix network of the report: 5,462,572 values at V = 300, moving statistics included. */
export function tutorialNetwork(vocabulary: number): NetworkSpec {
  return scalarNetwork(vocabulary, [
    { kind: 'lstm', units: 512, recurrentDropout: 0.3 },
    { kind: 'lstm', units: 512, recurrentDropout: 0.3 },
    { kind: 'lstm', units: 512 },
    { kind: 'batchNorm' },
    { kind: 'dropout', rate: 0.3 },
    { kind: 'dense', units: 256, activation: 'relu' },
    { kind: 'batchNorm' },
    { kind: 'dropout', rate: 0.3 },
  ]);
}

/** The networks of the report's figures 2.6 and 2.7: three LSTMs with plain dropout, then a linear dense layer. */
export function figureNetwork(vocabulary: number, units: readonly [number, number, number]): NetworkSpec {
  return scalarNetwork(vocabulary, [
    { kind: 'lstm', units: units[0] },
    { kind: 'dropout', rate: 0.3 },
    { kind: 'lstm', units: units[1] },
    { kind: 'dropout', rate: 0.3 },
    { kind: 'lstm', units: units[2] },
    { kind: 'dense', units: 256 },
    { kind: 'dropout', rate: 0.3 },
  ]);
}

/** Sizes and dropout of a network over token vectors. */
export interface EmbeddedShape {
  /** Width of the table of token vectors. */
  embedding: number;
  /** Units of each LSTM; of one direction where bidirectional. */
  units: readonly number[];
  /** Share dropped from the token vectors; one mask per row, constant over time. */
  inputDropout?: number;
  /** Share dropped after each LSTM; one mask per row, constant over time. */
  dropout?: number;
  /** Share of the state dropped at every step inside each LSTM; one mask per row and gate. */
  recurrentDropout?: number;
  bidirectional?: boolean;
  /** Batch normalisation after each LSTM, before its dropout. */
  batchNorm?: boolean;
  /** The head's kernel is the table of token vectors, transposed; a linear layer before it where the widths differ. */
  tied?: boolean;
  /** Share of the target that all tokens get evenly, in training. */
  labelSmoothing?: number;
  /** Further inputs, each with its own table of vectors. */
  told?: readonly { name: string; vocabulary: number; units: number }[];
}

/** Token vectors → LSTMs with dropout after each. Masks that stay over time regularise recurrent nets best. */
export function embeddedNetwork(vocabulary: number, shape: EmbeddedShape): NetworkSpec {
  const { units, inputDropout = 0, dropout = 0, recurrentDropout = 0, bidirectional = false, told = [] } = shape;
  const { batchNorm = false, tied = false, labelSmoothing = 0 } = shape;
  const layers: LayerSpec[] = [];
  if (inputDropout > 0) layers.push({ kind: 'dropout', rate: inputDropout, mode: 'perSequence' });
  for (const size of units) {
    layers.push({
      kind: 'lstm',
      units: size,
      ...(bidirectional && { bidirectional }),
      ...(recurrentDropout > 0 && { recurrentDropout }),
    });
    if (batchNorm) layers.push({ kind: 'batchNorm' });
    if (dropout > 0) layers.push({ kind: 'dropout', rate: dropout, mode: 'perSequence' });
  }
  const width = (units.at(-1) ?? 0) * (bidirectional ? 2 : 1);
  if (tied && width !== shape.embedding) layers.push({ kind: 'dense', units: shape.embedding });
  const head: HeadSpec = {
    kind: 'softmax',
    name: HEAD_NAME,
    vocabulary,
    ...(labelSmoothing > 0 && { smoothing: labelSmoothing }),
    ...(tied && { tied: INPUT_NAME }),
  };
  const inputs = [
    embedding(vocabulary, shape.embedding),
    ...told.map((input) => ({ kind: 'embedding' as const, ...input })),
  ];
  return { inputs, layers, heads: [head] };
}
