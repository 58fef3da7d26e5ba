import type { BenchCase } from '@rondo/core-native';
import { curveSvg } from '@rondo/render/node';
import { writePicture } from '../pictures/write-picture.js';

/** Draws how throughput and memory move with the batch size into `<base>.svg` and `.png`; returns the files. */
export function writeBatchSizePicture(base: string, cases: readonly BenchCase[]): string[] {
  const points = (y: (row: BenchCase) => number) => cases.map((row) => ({ x: row.batch ?? 0, y: y(row) }));
  const curves = [
    { label: 'share of the multiply-add peak, %', points: points((row) => 100 * (row.shareOfPeak ?? 0)) },
    { label: 'memory, 10 MiB', points: points((row) => (row.memoryBytes ?? 0) / 10 / 2 ** 20) },
  ];
  const svg = curveSvg(curves, { title: 'A training step of the tutorial’s network', xLabel: 'rows of a batch' });
  return writePicture(base, svg);
}
