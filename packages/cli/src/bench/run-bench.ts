import os from 'node:os';
import { addonInfo, bench, listDevices, type BenchCase, type Precision } from '@rondo/core-native';
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
  device?: 'cpu' | 'cuda';
  precision?: Precision;
  onCase?: (row: BenchCase) => void;
  /** Ends the measurement; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Batch sizes of `--batch-sizes`. */
export const BATCH_SIZES = [1, 4, 8, 16, 32, 64, 128, 256];

/** The engine's table, with the machine that it was measured on. */
export async function runBench(options: RunBenchOptions): Promise<BenchDocument> {
  const report = await bench(options);
  const device = listDevices().find(({ kind }) => kind === (options.device ?? 'cpu'));
  return {
    machine: {
      cores: os.availableParallelism(),
      threads: report.threads,
      simd: device?.simd ?? addonInfo().simd,
      device: device?.name ?? 'unknown',
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
    percent(row.shareOfPeak),
    percent(row.shareOfPeakByCpuTime),
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
    ...(peak.fmaGflops > 0 ? [describePeak(peak)] : []),
    '',
    formatTable(header, rows, [1, 2, 3, 4, 5, 6, 7]),
  ].join('\n');
}

function describePeak({ fmaGflops, readGBps }: BenchDocument['peak']): string {
  return `peak: ${fmaGflops.toFixed(1)} GFLOP/s multiply-add, ${readGBps.toFixed(1)} GB/s read from memory`;
}

const percent = (share?: number) => (share === undefined ? '–' : `${(100 * share).toFixed(0)} %`);

function batchColumns({ name, batch = 0, ms, memoryBytes = 0 }: BenchCase): string[] {
  if (!name.startsWith('batch-size/')) return [];
  return [((1000 * batch) / ms).toFixed(1), formatBytes(memoryBytes)];
}
