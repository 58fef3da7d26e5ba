import type { BenchCase } from './bench-case.js';
import type { Precision } from './device.js';
import { describe, settle, unexpected } from './errors.js';
import { loadBinding } from './load-binding.js';

/** What is measured, where and for how long. */
export interface BenchOptions {
  /** CPU threads; 0 or absent = all. */
  threads?: number;
  /** Where; default cpu. */
  device?: 'cpu' | 'cuda';
  /** Arithmetic of the matrix products; default the device's own. */
  precision?: Precision;
  /** Seconds per case, 0 … 600; at least three runs are made. Default 1. */
  seconds?: number;
  /** Only the cases whose names begin so. */
  only?: string;
  /** Instead of the table: the tutorial network's training step at these batch sizes. */
  batchSizes?: number[];
  /** Called as each case ends. */
  onCase?: (row: BenchCase) => void;
  /** Ends the table between two runs of a case; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** The table, beside what the machine showed: the best slice of multiply-adds and of reading a large block. */
export interface BenchReport {
  threads: number;
  peak: { fmaGflops: number; readGBps: number };
  cases: BenchCase[];
}

/**
 * Measures the engine: matrix products, LSTM layers, training steps, one token; on the CPU beside what the machine can do.
 * It runs on a worker thread and wants the machine for itself.
 */
export async function bench(options: BenchOptions = {}): Promise<BenchReport> {
  const { threads = 0, seconds = 1, only = '', batchSizes = [], onCase = () => undefined } = options;
  const { device = 'cpu', precision = 'auto', signal } = options;
  if (!Number.isInteger(threads) || threads < 0 || threads > 1024) {
    throw unexpected('RONDO_ENGINE_OPTION', 'bench: threads', 'an integer 0 … 1024', describe(threads));
  }
  if (!(seconds >= 0 && seconds <= 600)) {
    throw unexpected('RONDO_ENGINE_OPTION', 'bench: seconds', '0 … 600', describe(seconds));
  }
  const wrong = batchSizes.find((size) => !Number.isInteger(size) || size < 1 || size > 65536);
  if (wrong !== undefined) {
    throw unexpected('RONDO_ENGINE_OPTION', 'bench: batchSizes', 'integers 1 … 65536', describe(wrong));
  }
  signal?.throwIfAborted();
  const call = loadBinding().binding.bench({ threads, seconds, only, batchSizes, device, precision }, onCase);
  signal?.addEventListener('abort', call.stop);
  const native = await settle(call.report).finally(() => signal?.removeEventListener('abort', call.stop));
  signal?.throwIfAborted();
  const { fmaGflops, readGBps, rows } = native;
  return { threads: native.threads, peak: { fmaGflops, readGBps }, cases: rows };
}
