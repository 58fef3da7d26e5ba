import path from 'node:path';
import { tuningSvg } from '@rondo/render/node';
import { readStudy } from '@rondo/trainer';
import { writePicture } from './write-picture.js';

/** Draws `tune.svg` and `tune.png` into the folder of a search. @returns the files */
export async function writeTuningPicture(folder: string): Promise<string[]> {
  const { trials } = (await readStudy(folder)) ?? { trials: [] };
  const drawn = trials.map(({ trial, point, results }) => ({
    trial,
    point,
    results: results.map(({ epochs, validLoss }) => ({ x: epochs, y: validLoss })),
  }));
  const title = path.basename(path.resolve(folder));
  const svg = tuningSvg(drawn, { title, logarithmic: ['learningRate', 'units', 'embedding', 'sequence', 'batch'] });
  return writePicture(path.join(folder, 'tune'), svg);
}
