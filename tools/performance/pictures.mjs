// The pictures of docs/performance.md: [name, curves, options of curveSvg].
import { peakOf, sizeOf } from './figures.mjs';

const share = (row) => 100 * row.shareOfPeak;

/** One curve per number of threads. */
function curves({ cases, threadCounts }, prefix, y) {
  return threadCounts.map((threads) => ({
    label: `${threads} thread${threads === 1 ? '' : 's'}`,
    points: cases(threads, prefix).map((row) => ({ x: sizeOf(row), y: y(row) })),
  }));
}

/** How the cost of one layer grows. */
export function growthPictures(figures) {
  const labels = { units: 'units', batch: 'rows of the batch', time: 'steps of time' };
  return Object.entries(labels).flatMap(([what, xLabel]) => [
    [
      `cpu-growth-${what}-ms`,
      curves(figures, `growth/${what}/`, (row) => row.ms),
      { xLabel, yLabel: 'ms, forward and backward' },
    ],
    [
      `cpu-growth-${what}-share`,
      curves(figures, `growth/${what}/`, share),
      { xLabel, yLabel: '% of the multiply-add peak' },
    ],
  ]);
}

/** What the batch does to throughput and to memory: a picture each. */
export function batchPictures({ cases, machine }) {
  const rows = cases(machine.cores, 'batch-size/');
  const points = (y) => rows.map((row) => ({ x: row.batch, y: y(row) }));
  const xLabel = 'rows of the batch';
  const label = `${machine.cores} threads`;
  return [
    [
      'cpu-batch-speed',
      [{ label, points: points(({ batch, ms }) => (1000 * batch) / ms) }],
      { title: 'The tutorial’s training step: throughput', xLabel, yLabel: 'rows per second' },
    ],
    [
      'cpu-batch-memory',
      [{ label, points: points(({ memoryBytes }) => memoryBytes / 1e6) }],
      { title: 'The tutorial’s training step: memory', xLabel, yLabel: 'MB' },
    ],
  ];
}

/**
 * What arithmetic and reading allow on all cores, over the operations that a byte of weights is read for, and what the
 * tutorial’s training step reaches. It multiplies five matrices of 4 · 512², three times each (the layers’ W and R, but that
 * the first layer’s input is one number); every step of time reads, once for all rows, three R, three Rᵀ, two Wᵀ and,
 * from 28 rows on, two W (with fewer rows x W of all steps is one product before the loop).
 */
export function rooflinePicture(figures) {
  const { cases, machine, runs } = figures;
  const perByte = (rows) => (5 * 3 * 2 * rows) / (4 * (rows < 28 ? 8 : 10));
  const most = 32; // rows that pass by the weights together
  const peak = peakOf(figures, machine.cores);
  const roof = (label, gbps) => ({
    label: `${label}, ${gbps.toFixed(0)} GB/s`,
    points: [0, peak / gbps, perByte(most)].map((x) => ({ x, y: Math.min(peak, x * gbps) })),
  });
  const [token] = cases(machine.cores, 'one-token/tutorial/fp32');
  const reads = runs.filter((run) => run.threads === machine.cores).map((run) => run.peak.readGBps);
  const memory = reads.sort((a, b) => a - b)[reads.length >> 1];
  const steps = cases(machine.cores, 'batch-size/').filter(({ batch }) => batch <= most);
  return [
    'cpu-roofline',
    [
      roof('from memory', memory),
      roof('from the cache', token.gbps / token.shareOfPeak),
      {
        label: `training step, 1 to ${most} rows`,
        points: steps.map(({ batch, gflops }) => ({ x: perByte(batch), y: gflops })),
      },
    ],
    {
      title: 'Roofline',
      xLabel: 'operations per byte of weights',
      yLabel: 'GFLOP/s',
    },
  ];
}
