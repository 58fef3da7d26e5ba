import type { Stretch } from '@rondo/generator';
import { curveSvg } from '@rondo/render/node';

/** Entropy of twelve classes that are equally frequent, in bits. */
const MOST_ENTROPY = Math.log2(12);

/** Metrics along a piece as shares of 1, over its bars. */
export function alongSvg(stretches: readonly Stretch[]): string {
  const densest = Math.max(...stretches.map(({ density }) => density), 1e-9);
  const curve = (label: string, value: (stretch: Stretch) => number | null) => ({
    label,
    points: stretches.map((stretch) => ({ x: stretch.bar, y: value(stretch) ?? NaN })),
  });
  return curveSvg(
    [
      curve('scale', ({ scaleConsistency }) => scaleConsistency),
      curve('entropy', ({ pitchClassEntropy }) => pitchClassEntropy && pitchClassEntropy / MOST_ENTROPY),
      curve('density', ({ density }) => density / densest),
      curve('heard before', ({ repeated }) => repeated),
      curve('standing still', ({ stuck }) => stuck),
    ],
    { title: 'Along the piece', xLabel: 'bar', yLabel: 'share of the most' },
  );
}
