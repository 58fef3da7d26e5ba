import { historyInputs, type Tokenizer } from '@rondo/tokenizer';
import { z } from 'zod';
import { expectation, UsageError } from '../errors.js';
import { embeddedNetwork, type EmbeddedShape } from './networks.js';

/** The shape of a preset's network, for whatever vocabulary. */
export interface PresetShape extends Omit<EmbeddedShape, 'told'> {
  /** Inputs of the history (`historyInputs`) and the widths of their vectors; schemes that do not know one go without it. */
  told?: Readonly<Record<string, number>>;
}

/** What of a preset's shape can be chosen otherwise. */
export interface ShapeChanges {
  /** LSTM layers. */
  layers?: number | undefined;
  /** Units of every LSTM layer. */
  units?: number | undefined;
  /** Width of the token vectors. */
  embedding?: number | undefined;
  /** Shares that are dropped: of the token vectors, after each LSTM, and of the state inside it. */
  inputDropout?: number | undefined;
  dropout?: number | undefined;
  recurrentDropout?: number | undefined;
  /** Whether the output of each LSTM is normalised by its mean and variance over the batch. */
  batchNorm?: boolean | undefined;
  /** Whether the head reads the table of token vectors, transposed, in place of a kernel of its own. */
  tied?: boolean | undefined;
  /** Share of the target that all tokens get evenly, in training. */
  labelSmoothing?: number | undefined;
}

/** The network of a shape. */
export function shapedNetwork({ told = {}, ...shape }: PresetShape) {
  return (vocabulary: number, tokenizer?: Tokenizer) =>
    embeddedNetwork(vocabulary, { ...shape, told: toldInputs(tokenizer, told) });
}

function toldInputs(tokenizer: Tokenizer | undefined, widths: Readonly<Record<string, number>>) {
  const known = tokenizer && historyInputs(tokenizer);
  return Object.entries(widths).flatMap(([name, units]) => {
    const input = known?.[name];
    return input === undefined ? [] : [{ name, vocabulary: input.size, units }];
  });
}

const size = (most: number) => ({ expected: `a whole number from 1 to ${most}`, schema: z.int().min(1).max(most) });
const share = { expected: 'a number from 0 to below 1', schema: z.number().min(0).lt(1) };

const yesOrNo = { expected: 'true or false', schema: z.boolean() };

const CHANGES: Record<keyof ShapeChanges, { expected: string; schema: z.ZodType }> = {
  layers: size(64),
  units: size(65_536),
  embedding: size(65_536),
  inputDropout: share,
  dropout: share,
  recurrentDropout: share,
  batchNorm: yesOrNo,
  tied: yesOrNo,
  labelSmoothing: share,
};

/** Names of all changes, in the order in which they are shown. */
export const SHAPE_NAMES = Object.keys(CHANGES) as readonly (keyof ShapeChanges)[];

/** A shape with changes laid over it. @throws UsageError for values out of range */
export function changeShape(shape: PresetShape, changes: ShapeChanges): PresetShape {
  for (const name of SHAPE_NAMES) {
    const { expected, schema } = CHANGES[name];
    const value = changes[name];
    if (value !== undefined && !schema.safeParse(value).success)
      throw new UsageError(expectation(name, expected, value));
  }
  const { layers = shape.units.length, units, ...others } = changes;
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const sizeOf = (layer: number) => units ?? shape.units[Math.min(layer, shape.units.length - 1)] ?? 1;
  return { ...shape, ...given, units: Array.from({ length: layers }, (_, layer) => sizeOf(layer)) };
}
