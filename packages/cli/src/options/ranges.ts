import { UsageError } from '../terminal/exit-codes.js';

/**
 * A range of whole numbers as written on the command line: "-5..6" or a single "3".
 * @returns [from, to], both included
 */
export function parseIntegerRange(option: string, text: string): [number, number] {
  const match = /^(-?\d+)(?:\.\.(-?\d+))?$/.exec(text.trim());
  if (!match) throw new UsageError(`--${option} takes a range such as -5..6, not "${text}"`);
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : Number(match[2]);
  if (from > to) throw new UsageError(`--${option} goes upwards, such as ${to}..${from}, not "${text}"`);
  return [from, to];
}

/** Factors such as "0.95,1,1.05", all above 0. */
export function parseFactors(option: string, text: string): number[] {
  const factors = text.split(',').map(Number);
  if (factors.length === 0 || factors.some((factor) => !(factor > 0 && Number.isFinite(factor))))
    throw new UsageError(`--${option} takes factors such as 0.95,1,1.05, not "${text}"`);
  return factors;
}

/** Whole numbers such as "-10,0,10". */
export function parseShifts(option: string, text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => !/^[+-]?\d+$/.test(part)))
    throw new UsageError(`--${option} takes whole numbers such as -10,10, not "${text}"`);
  return parts.map(Number);
}

/** Shares of training, validation and test pieces, such as "80/10/10", in per cent. */
export function parseSplit(text: string): [number, number, number] {
  const shares = text.split('/').map(Number);
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.length !== 3 || shares.some((share) => !(share >= 0)) || !(sum > 0) || shares[0] === 0)
    throw new UsageError(`--split takes three shares such as 80/10/10 with a training share above 0, not "${text}"`);
  return shares.map((share) => (100 * share) / sum) as [number, number, number];
}

/** A number inside bounds; yargs itself lets NaN and any size through. */
export function requireNumber(
  option: string,
  value: number | undefined,
  bounds: { min: number; max?: number; below?: number; integer?: boolean },
): void {
  if (value === undefined) return;
  const { min, max = Number.POSITIVE_INFINITY, below = Number.POSITIVE_INFINITY, integer = false } = bounds;
  if (value >= min && value <= max && value < below && (!integer || Number.isInteger(value))) return;
  const kind = integer ? 'a whole number' : 'a number';
  const most = Number.isFinite(below) ? `to below ${below}` : Number.isFinite(max) ? `to ${max}` : 'up';
  const range = `from ${min} ${most}`;
  throw new UsageError(`--${option} takes ${kind} ${range}, not ${value}`);
}
