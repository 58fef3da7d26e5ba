import { requireNumber } from '../options/ranges.js';

interface Range {
  min: number;
  max: number;
  integer?: boolean;
}

const MOST_TOKENS = 10_000_000;

/** What the library takes, under the names that users know. */
const RANGES: Readonly<Record<string, Range>> = {
  length: { min: 1, max: MOST_TOKENS, integer: true },
  bars: { min: 1, max: 100_000, integer: true },
  seconds: { min: 0.001, max: 1_000_000 },
  count: { min: 1, max: 4096, integer: true },
  'top-k': { min: 1, max: MOST_TOKENS, integer: true },
  'top-p': { min: 0.000_001, max: 1 },
  'min-p': { min: 0.000_001, max: 1 },
  'repetition-penalty': { min: 1, max: 1000 },
  'no-repeat': { min: 2, max: 1000, integer: true },
  style: { min: 0, max: 1 },
  beam: { min: 1, max: 256, integer: true },
  'best-of': { min: 1, max: 1000, integer: true },
  'prime-tokens': { min: 1, max: MOST_TOKENS, integer: true },
  polyphony: { min: 1, max: 128, integer: true },
  tempo: { min: 10, max: 1000 },
  'section-bars': { min: 1, max: 10_000, integer: true },
  'bars-from': { min: 1, max: 1_000_000, integer: true },
  'bars-to': { min: 1, max: 1_000_000, integer: true },
  candidates: { min: 1, max: 1000, integer: true },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true },
};

/** The numbers of `rondo generate`, before a model is loaded. @throws UsageError @returns true, as yargs asks */
export function checkRanges(options: Readonly<Record<string, unknown>>): true {
  const number = (name: string): number | undefined => options[name] as number | undefined;
  for (const [name, range] of Object.entries(RANGES)) requireNumber(name, number(name), range);
  requireNumber('min-length', number('min-length'), { min: 0, max: number('length') ?? MOST_TOKENS, integer: true });
  return true;
}
