// Turns figures of measure.mjs into the tables and pictures of docs/performance.md:
//   node tools/performance/report.mjs docs/measurements/cpu-NAME.json
// Tables replace what stands between the marks `<!-- NAME -->` and `<!-- /NAME -->`.
import fs from 'node:fs';
import path from 'node:path';
import { curveSvg, svgToPng } from '@rondo/render/node';
import { root } from '../lib/setup.mjs';

const page = path.join(root, 'docs', 'performance.md');
const images = path.join(root, 'docs', 'images');
const [source] = process.argv.slice(2);
if (source === undefined) {
  process.stderr.write('expected the file that measure.mjs wrote\n');
  process.exit(2);
}
const { machine, runs, date, commit } = JSON.parse(fs.readFileSync(source, 'utf8'));

const percent = (share) => `${(100 * share).toFixed(0)} %`;
const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Cases of the run with so many threads whose names begin so. */
function cases(threads, prefix) {
  return runs
    .filter((run) => run.threads === threads)
    .flatMap((run) => run.cases.filter(({ name }) => name.startsWith(prefix)));
}

function casesTable() {
  const kinds = ['train-step', 'one-token', 'lstm', 'gemm'];
  const threads = [...new Set(runs.map((run) => run.threads))];
  const rows = threads.flatMap((count) => kinds.flatMap((kind) => cases(count, kind)));
  return table(
    ['case', 'threads', 'best ms', 'median ms', 'rate', 'of peak', 'by CPU time'],
    rows.map((row) => [
      `\`${row.name}\``,
      row.threads,
      row.ms.toPrecision(4),
      row.medianMs.toPrecision(4),
      row.gbps === undefined ? `${row.gflops.toFixed(1)} GFLOP/s` : `${row.gbps.toFixed(1)} GB/s`,
      percent(row.shareOfPeak),
      percent(row.shareOfPeakByCpuTime),
    ]),
  );
}

function machineTable() {
  const rows = runs.map((run) => [
    run.options.only ?? 'batch sizes',
    run.threads,
    run.peak.fmaGflops.toFixed(1),
    run.peak.readGBps.toFixed(1),
    percent(run.otherLoad),
  ]);
  const facts = `${machine.device}, ${machine.simd}, ${machine.cores} cores; ${date}, commit ${commit}.`;
  const header = ['part', 'threads', 'peak GFLOP/s', 'reads of 256 MiB, GB/s', 'cores taken by others'];
  return `${facts}\n\n${table(header, rows)}`;
}

function batchTable() {
  const rows = cases(machine.cores, 'batch-size/');
  return table(
    ['rows', 'ms per step', 'rows per second', 'of peak', 'memory, MB'],
    rows.map(({ batch, ms, shareOfPeak, memoryBytes }) => [
      batch,
      ms.toFixed(0),
      ((1000 * batch) / ms).toFixed(1),
      percent(shareOfPeak),
      (memoryBytes / 1e6).toFixed(0),
    ]),
  );
}

/** One curve per number of threads over what the last part of a case's name says. */
function growthCurves(what, y) {
  return [...new Set(runs.map((run) => run.threads))].map((threads) => ({
    label: `${threads} thread${threads === 1 ? '' : 's'}`,
    points: cases(threads, `growth/${what}/`).map((row) => ({ x: Number(row.name.split('/').at(-1)), y: y(row) })),
  }));
}

function picture(name, curves, options) {
  const svg = curveSvg(curves, options);
  fs.writeFileSync(path.join(images, `${name}.png`), svgToPng(svg));
}

function fill(text, name, content) {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [begin, end] = [text.indexOf(from), text.indexOf(to)];
  if (begin < 0 || end < begin) throw new Error(`${page}: expected the marks ${from} and ${to}`);
  return `${text.slice(0, begin + from.length)}\n\n${content}\n\n${text.slice(end)}`;
}

const share = (row) => 100 * row.shareOfPeak;
const labels = { units: 'units', batch: 'rows of the batch', time: 'steps of time' };
for (const [what, xLabel] of Object.entries(labels)) {
  picture(
    `cpu-growth-${what}-ms`,
    growthCurves(what, (row) => row.ms),
    { xLabel, yLabel: 'ms, forward and backward' },
  );
  picture(`cpu-growth-${what}-share`, growthCurves(what, share), { xLabel, yLabel: '% of the multiply-add peak' });
}
let text = fs.readFileSync(page, 'utf8');
for (const [name, make] of Object.entries({ machine: machineTable, cases: casesTable, batch: batchTable }))
  text = fill(text, name, make());
fs.writeFileSync(page, text);
