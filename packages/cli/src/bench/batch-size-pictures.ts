import type { BenchCase } from '@rondo/core-native';
import { curveSvg } from '@rondo/render/node';
import { writePicture } from '../pictures/write-picture.js';

/**
 * Draws how throughput and memory move with the batch size into `<base>-speed` and `<base>-memory`, each as `.svg` and
 * `.png`; returns the files.
 */
export function writeBatchSizePictures(base: string, cases: readonly BenchCase[]): string[] {
  const draw = (name: string, title: string, yLabel: string, y: (row: BenchCase) => number) => {
    const points = cases.map((row) => ({ x: row.batch ?? 0, y: y(row) }));
    const label = `${cases[0]?.threads ?? 0} threads`;
    const svg = curveSvg([{ label, points }], { title, xLabel: 'rows of the batch', yLabel });
    return writePicture(`${base}-${name}`, svg);
  };
  const subject = 'The tutorial’s training step';
  return [
    ...draw('speed', `${subject}: throughput`, 'rows per second', (row) => (1000 * (row.batch ?? 0)) / row.ms),
    ...draw('memory', `${subject}: memory`, 'MiB', (row) => (row.memoryBytes ?? 0) / 2 ** 20),
  ];
}
