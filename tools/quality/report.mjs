// Turns what try-choices.mjs found into the table and the picture of docs/quality.md:
//   node tools/quality/report.mjs
import fs from 'node:fs';
import path from 'node:path';
import { dotPlotSvg, svgToPng } from '@rondo/render/node';
import { fillMarks } from '../lib/fill-marks.mjs';
import { root } from '../lib/setup.mjs';

const docs = path.join(root, 'docs');
const { rows } = JSON.parse(fs.readFileSync(path.join(docs, 'measurements', 'quality-choices.json'), 'utf8'));
const base = rows[0].natsPerFrame;

/** Bold where it is better than the base by more than two hundredths. */
function figure({ natsPerFrame }) {
  const text = natsPerFrame.toFixed(2);
  return natsPerFrame < base - 0.02 ? `**${text}**` : text;
}

function table() {
  const header = ['', 'in place of the base’s', 'nats per frame', 'right', 'training, nats per token', 'CPU s'];
  const cells = rows.map((row) => [
    row.factor,
    row.name,
    figure(row),
    `${(100 * row.accuracy).toFixed(1)} %`,
    row.trainingLoss.toFixed(2),
    row.cpuSeconds,
  ]);
  return [header, header.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const picture = dotPlotSvg(
  rows.map(({ factor, name, natsPerFrame }) => ({
    label: factor === name ? name : `${factor}: ${name}`,
    values: [natsPerFrame],
  })),
  {
    title: 'One setting changed at a time',
    subtitle: 'Chorales, 2 × LSTM 192, two passes; left is better, the line is the base',
    series: [],
    xLabel: 'nats per held-out frame',
    base: [base],
  },
);
fs.writeFileSync(path.join(docs, 'images', 'quality-choices.png'), svgToPng(picture));
await fillMarks(path.join(docs, 'quality.md'), { choices: table() });
