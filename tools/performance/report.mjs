// Turns figures of measure.mjs into the tables and pictures of docs/performance.md:
//   node tools/performance/report.mjs docs/measurements/cpu-NAME.json
// Tables replace what stands between the marks `<!-- NAME -->` and `<!-- /NAME -->`.
import fs from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { curveSvg, svgToPng } from '@rondo/render/node';
import { root } from '../lib/setup.mjs';
import { readFigures } from './figures.mjs';
import { batchPictures, growthPictures, rooflinePicture } from './pictures.mjs';
import { batchTable, casesTable, machineTable, weightsTable } from './tables.mjs';

const page = path.join(root, 'docs', 'performance.md');
const images = path.join(root, 'docs', 'images');

function fill(text, name, content) {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [begin, end] = [text.indexOf(from), text.indexOf(to)];
  if (begin < 0 || end < begin) throw new Error(`${page}: expected the marks ${from} and ${to}`);
  return `${text.slice(0, begin + from.length)}\n\n${content}\n\n${text.slice(end)}`;
}

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
let text = fs.readFileSync(page, 'utf8');
for (const [name, make] of Object.entries(tables)) text = fill(text, name, make(figures));
fs.writeFileSync(page, await prettier.format(text, { ...(await prettier.resolveConfig(page)), filepath: page }));
