// Turns figures of measure.mjs into the tables and pictures of docs/performance.md:
//   node tools/performance/report.mjs docs/measurements/cpu-NAME.json
// Tables replace what stands between the marks `<!-- NAME -->` and `<!-- /NAME -->`.
import fs from 'node:fs';
import path from 'node:path';
import { curveSvg, svgToPng } from '@rondo/render/node';
import { fillMarks } from '../lib/fill-marks.mjs';
import { root } from '../lib/setup.mjs';
import { readFigures } from './figures.mjs';
import { batchPictures, growthPictures, rooflinePicture } from './pictures.mjs';
import { batchTable, casesTable, machineTable, weightsTable } from './tables.mjs';

const page = path.join(root, 'docs', 'performance.md');
const images = path.join(root, 'docs', 'images');

const [source] = process.argv.slice(2);
if (source === undefined) {
  process.stderr.write('expected the file that measure.mjs wrote\n');
  process.exit(2);
}
const figures = readFigures(source);
for (const [name, curves, options] of [
  ...growthPictures(figures),
  ...batchPictures(figures),
  rooflinePicture(figures),
]) {
  fs.writeFileSync(path.join(images, `${name}.png`), svgToPng(curveSvg(curves, options)));
}
const tables = { machine: machineTable, cases: casesTable, batch: batchTable, weights: weightsTable };
await fillMarks(page, Object.fromEntries(Object.entries(tables).map(([name, make]) => [name, make(figures)])));
