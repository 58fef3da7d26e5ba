import { UsageError } from '../errors.js';

/**
 * Successive halving (Jamieson & Talwalkar 2016): all trials get a little training, the better ones get several times as
 * much, and so on, until one is left that has had all of it.
 */
export interface HalvingPlan {
  /** Trials of each rung, falling. */
  trials: readonly number[];
  /** Passes over the training data that a trial has had at the end of each rung, rising to `epochs`. */
  epochs: readonly number[];
}

export interface HalvingOptions {
  /** Trials at the start. */
  trials: number;
  /** Passes over the data for the last one. */
  epochs: number;
  /** Of how many trials one goes on to the next rung, which trains that many times as long. */
  reduction: number;
}

/** Less than a tenth of a pass tells nothing. */
const LEAST_EPOCHS = 0.1;

/** @throws UsageError for numbers that make no plan */
export function planHalving({ trials, epochs, reduction }: HalvingOptions): HalvingPlan {
  check('trials', trials, 1, 10_000, true);
  check('epochs', epochs, LEAST_EPOCHS, 100_000, false);
  check('reduction', reduction, 2, 10, false);
  const sizes = [trials];
  const passes = [epochs];
  while ((sizes.at(-1) as number) > 1) {
    sizes.push(Math.max(1, Math.floor((sizes.at(-1) as number) / reduction)));
    passes.unshift(Math.max(LEAST_EPOCHS, (passes[0] as number) / reduction));
  }
  return { trials: sizes, epochs: passes };
}

function check(name: string, value: number, least: number, most: number, integers: boolean): void {
  if (value >= least && value <= most && (!integers || Number.isInteger(value))) return;
  throw new UsageError(
    `${name}: expected a ${integers ? 'whole ' : ''}number from ${least} to ${most}, received ${value}`,
  );
}

/** Passes over the data that the whole plan trains: each rung goes on where the one before stopped. */
export function plannedEpochs({ trials, epochs }: HalvingPlan): number {
  return trials.reduce((sum, count, rung) => sum + count * ((epochs[rung] as number) - (epochs[rung - 1] ?? 0)), 0);
}

/** The `count` trials of least loss, in the order of their numbers; a tie goes to the lower number. */
export function survivors(losses: ReadonlyMap<number, number>, count: number): number[] {
  return [...losses]
    .filter(([, loss]) => Number.isFinite(loss))
    .sort(([a, lossA], [b, lossB]) => lossA - lossB || a - b)
    .slice(0, count)
    .map(([trial]) => trial)
    .sort((a, b) => a - b);
}
