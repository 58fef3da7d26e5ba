import fs from 'node:fs';
import path from 'node:path';
import { lossCurveSvg, type LossPoint } from '@rondo/render/node';
import { writePicture } from './write-picture.js';

/**
 * Draws `loss.svg` and `loss.png` into a run from its `metrics.jsonl`.
 * @returns the files, or undefined while there is no evaluation to draw
 */
export function writeLossCurve(
  run: string,
  baselines?: { unigram: number; bigram: number } | null,
): string[] | undefined {
  const points = readMetrics(path.join(run, 'metrics.jsonl'));
  if (points.length === 0) return undefined;
  const svg = lossCurveSvg(points, { title: path.basename(path.resolve(run)), baselines: baselines ?? undefined });
  return writePicture(path.join(run, 'loss'), svg);
}

function readMetrics(file: string): LossPoint[] {
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LossPoint)
    .filter(({ loss }) => typeof loss === 'number'); // the other lines tell where training went back
}
