import { GeneratorError } from './errors.js';

/** A value over the piece: one number, or points (place 0 … 1, value) with straight lines between them. */
export type Curve = number | readonly (readonly [place: number, value: number])[];

/** The value at a place of the piece, 0 (start) … 1 (end); before the first and after the last point it stays. */
export function valueAt(curve: Curve, place: number): number {
  if (typeof curve === 'number') return curve;
  const next = curve.findIndex(([at]) => at > place);
  if (next === 0) return curve[0][1];
  if (next < 0) return curve[curve.length - 1][1];
  const [[from, a], [to, b]] = [curve[next - 1], curve[next]];
  return a + ((b - a) * (place - from)) / (to - from);
}

/** The part of a curve between two places, as a curve of its own. */
export function partOf(curve: Curve, from: number, to: number): Curve {
  if (typeof curve === 'number') return curve;
  if (!(to > from)) return valueAt(curve, from);
  const inside = curve.filter(([at]) => at > from && at < to);
  return [
    [0, valueAt(curve, from)],
    ...inside.map(([at, value]) => [(at - from) / (to - from), value] as const),
    [1, valueAt(curve, to)],
  ];
}

/** A curve whose values are `factor` times as high. */
export function scaled(curve: Curve, factor: number): Curve {
  return typeof curve === 'number' ? curve * factor : curve.map(([at, value]) => [at, value * factor] as const);
}

/** Every value that the curve names. */
export function valuesOf(curve: Curve): number[] {
  return typeof curve === 'number' ? [curve] : curve.map(([, value]) => value);
}

/**
 * A curve as it is written: `0.9`, `0.8..1.2` (from the start to the end), `0.8..1.2..0.8` (evenly spaced), or points as
 * `0:0.8,0.5:1.2,1:0.7`.
 * @throws GeneratorError RONDO_GENERATOR_OPTION
 */
export function parseCurve(option: string, text: string): Curve {
  const points = text.includes(':') ? readPoints(text) : readSteps(text);
  const bad =
    points.length === 0 ||
    points.some(([at, value]) => !Number.isFinite(value) || !(at >= 0 && at <= 1)) ||
    points.some(([at], i) => i > 0 && at <= points[i - 1][0]);
  if (!bad) return points.length === 1 ? points[0][1] : points;
  const message = `${option}: expected a number, a curve such as 0.8..1.2, or points such as 0:0.8,0.5:1.2,1:0.8, not "${text}"`;
  throw new GeneratorError('RONDO_GENERATOR_OPTION', message);
}

function readSteps(text: string): [number, number][] {
  const values = text.split('..').map(toNumber);
  return values.map((value, i) => [values.length === 1 ? 0 : i / (values.length - 1), value]);
}

function readPoints(text: string): [number, number][] {
  return text.split(',').map((point) => {
    const [at, value, ...more] = point.split(':').map(toNumber);
    return [at, more.length === 0 ? value : NaN];
  });
}

function toNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}
