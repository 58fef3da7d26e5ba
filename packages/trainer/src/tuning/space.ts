import { z } from 'zod';
import { hash } from '../batches/permutation.js';
import { UsageError } from '../errors.js';

/** What a search varies. A trial is one value for each. */
export interface TrialPoint {
  /** LSTM layers. */
  layers: number;
  /** Units of each LSTM layer. */
  units: number;
  /** Width of the token vectors. */
  embedding: number;
  /** Share dropped from the token vectors, 0 … 0.95. */
  inputDropout: number;
  /** Share dropped after each layer, 0 … 0.95. */
  dropout: number;
  /** Tokens of a window, or between two updates. */
  sequence: number;
  /** Rows trained together. */
  batch: number;
  learningRate: number;
  /** Share of the state dropped inside each layer, 0 … 0.95. */
  recurrentDropout: number;
  /** 1: the output reads the table of token vectors; 0: it has weights of its own. */
  tied: number;
  /** Share of the target that all tokens get evenly, 0 … 0.95. */
  labelSmoothing: number;
  /** 1: batch normalisation after each layer; 0: none. */
  batchNorm: number;
}

export type PointName = keyof TrialPoint;

/** One of several values; a range (on a logarithmic scale if asked for); or a value that stays. */
export type Domain = readonly number[] | { from: number; to: number; log?: boolean | undefined } | number;

/** What is searched: a domain for each name. */
export type SearchSpace = Readonly<Record<PointName, Domain>>;

/** The list of the report, in the sizes that two cores can try; names that are new come last, so that old points stay. */
export const DEFAULT_SPACE: SearchSpace = {
  layers: [1, 2, 3],
  units: [64, 96, 128, 192, 256, 384],
  embedding: [32, 64, 128],
  inputDropout: { from: 0, to: 0.2 },
  dropout: { from: 0, to: 0.5 },
  sequence: [32, 64, 128, 256],
  batch: [8, 16, 32, 64],
  learningRate: { from: 5e-4, to: 1e-2, log: true },
  recurrentDropout: 0,
  tied: [0, 1],
  labelSmoothing: 0,
  batchNorm: [0, 1],
};

export const POINT_NAMES = Object.keys(DEFAULT_SPACE) as readonly PointName[];

const whole = (to: number) => ({ least: 1, most: to, whole: true });
const share = { least: 0, most: 0.95, whole: false };
const noOrYes = { least: 0, most: 1, whole: true };

const BOUNDS: Record<PointName, { least: number; most: number; whole: boolean }> = {
  layers: whole(8),
  units: whole(4096),
  embedding: whole(4096),
  inputDropout: share,
  dropout: share,
  sequence: whole(65_536),
  batch: whole(4096),
  learningRate: { least: 1e-7, most: 10, whole: false },
  recurrentDropout: share,
  tied: noOrYes,
  labelSmoothing: share,
  batchNorm: noOrYes,
};

const domainSchema = z.union([
  z.number(),
  z.array(z.number()).min(1).max(1000),
  z.strictObject({ from: z.number(), to: z.number(), log: z.boolean().optional() }),
]);

/**
 * The default space with the domains of `given` in place of its own.
 * @param given what a file says: `{ units: [128, 256], learningRate: { from: 1e-3, to: 1e-2, log: true }, layers: 2 }`
 * @throws UsageError naming the key that is unknown or wrong
 */
export function resolveSpace(given: unknown = {}): SearchSpace {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new UsageError('The search space must be a mapping, for example { "units": [128, 256] }');
  const space: Record<string, Domain> = { ...DEFAULT_SPACE };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(BOUNDS, name))
      throw new UsageError(`The search space has no "${name}"; there are: ${POINT_NAMES.join(', ')}`);
    space[name] = checkDomain(name as PointName, value);
  }
  return space as unknown as SearchSpace;
}

function checkDomain(name: PointName, value: unknown): Domain {
  const result = domainSchema.safeParse(value);
  if (!result.success)
    throw new UsageError(
      `${name}: expected a number, a list of numbers, or { "from": …, "to": …, "log": true }, received ${JSON.stringify(value)}`,
    );
  const domain = result.data;
  const ends = typeof domain === 'number' ? [domain] : Array.isArray(domain) ? domain : [domain.from, domain.to];
  const { least, most, whole: integers } = BOUNDS[name];
  const bad = ends.find((end) => !(end >= least && end <= most) || (integers && !Number.isInteger(end)));
  if (bad !== undefined)
    throw new UsageError(
      `${name}: expected ${integers ? 'whole numbers' : 'numbers'} from ${least} to ${most}, received ${bad}`,
    );
  if (isRange(domain)) checkRange(name, domain);
  return domain;
}

function checkRange(name: PointName, { from, to, log }: { from: number; to: number; log?: boolean | undefined }): void {
  if (from > to) throw new UsageError(`${name}: the range goes from ${from} down to ${to}; swap them`);
  if (log === true && from <= 0)
    throw new UsageError(`${name}: a logarithmic range must begin above 0, received ${from}`);
}

function isRange(domain: Domain): domain is { from: number; to: number; log?: boolean | undefined } {
  return typeof domain === 'object' && !Array.isArray(domain);
}

/** The point of trial `trial` (from 1). It depends on the seed, its own number and the space alone. */
export function samplePoint(space: SearchSpace, seed: number, trial: number): TrialPoint {
  const entries = POINT_NAMES.map((name, place) => {
    const uniform = hash([seed, trial, place, 0x7473]) / 2 ** 32;
    return [name, pick(space[name], uniform, BOUNDS[name].whole)] as const;
  });
  return Object.fromEntries(entries) as unknown as TrialPoint;
}

/** @param uniform in [0, 1) */
function pick(domain: Domain, uniform: number, integers: boolean): number {
  if (typeof domain === 'number') return domain;
  if (!isRange(domain)) return domain[Math.floor(uniform * domain.length)] as number;
  const { from, to, log = false } = domain;
  if (integers && !log) return Math.min(to, from + Math.floor(uniform * (to - from + 1)));
  const value = log ? from * (to / from) ** uniform : from + uniform * (to - from);
  return integers ? Math.round(value) : Number(value.toPrecision(3));
}
