import os from 'node:os';
import { addonInfo, bench, listDevices, type BenchCase } from '@rondo/core-native';
import { formatBytes, formatTable } from '../terminal/format.js';

/** What `rondo bench --json` prints. */
export interface BenchDocument {
  machine: { cores: number; threads: number; simd: string; device: string };
  peak: { fmaGflops: number; readGBps: number };
  cases: BenchCase[];
}

export interface RunBenchOptions {
  threads?: number;
  seconds?: number;
  only?: string;
  batchSizes?: number[];
  onCase?: (row: BenchCase) => void;
}

/** Batch sizes of `--batch-sizes`. */
export const BATCH_SIZES = [1, 4, 8, 16, 32, 64, 128, 256];

/** The engine's table, with the machine that it was measured on. */
export async function runBench(options: RunBenchOptions): Promise<BenchDocument> {
  const report = await bench(options);
  const [cpu] = listDevices();
  return {
    machine: {
      cores: os.availableParallelism(),
      threads: report.threads,
      simd: addonInfo().simd,
      device: cpu.name,
    },
    peak: report.peak,
    cases: report.cases,
  };
}

/** The table for the terminal. */
export function describeBench({ machine, peak, cases }: BenchDocument): string {
  const rows = cases.map((row) => [
    row.name,
    row.ms.toPrecision(4),
    row.medianMs.toPrecision(4),
    row.gbps === undefined ? `${(row.gflops ?? 0).toFixed(1)} GFLOP/s` : `${row.gbps.toFixed(1)} GB/s`,
    `${(100 * row.shareOfPeak).toFixed(0)} %`,
    `${(100 * row.shareOfPeakByCpuTime).toFixed(0)} %`,
    ...batchColumns(row),
  ]);
  const byBatch = cases.some((row) => row.name.startsWith('batch-size/'));
  const header = [
    'case',
    'ms, best',
    'median',
    'rate',
    'of peak',
    'by CPU time',
    ...(byBatch ? ['rows/s', 'memory'] : []),
  ];
  return [
    `${machine.device}, ${machine.simd}, ${machine.threads} of ${machine.cores} cores`,
    `peak: ${peak.fmaGflops.toFixed(1)} GFLOP/s multiply-add, ${peak.readGBps.toFixed(1)} GB/s read from memory`,
    '',
    formatTable(header, rows, [1, 2, 3, 4, 5, 6, 7]),
  ].join('\n');
}

function batchColumns({ name, batch = 0, ms, memoryBytes = 0 }: BenchCase): string[] {
  if (!name.startsWith('batch-size/')) return [];
  return [((1000 * batch) / ms).toFixed(1), formatBytes(memoryBytes)];
}
