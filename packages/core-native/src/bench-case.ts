/** One line of the table. Times are milliseconds of one run. */
export interface BenchCase {
  name: string;
  threads: number;
  /** Fastest run. */
  ms: number;
  medianMs: number;
  /** Of the fastest run; for what is bound by arithmetic. */
  gflops?: number;
  /** Bytes of weights read per second, of the fastest run; for what is bound by reading them. */
  gbps?: number;
  /**
   * Of the best that the machine showed in slices: arithmetic in the whole run so far, reading between this case's runs.
   * Absent on CUDA.
   */
  shareOfPeak?: number;
  /** The same per second of the cores' time: what other processes take does not count. */
  shareOfPeakByCpuTime?: number;
  /** Training steps: rows of the batch, and what the network then holds. */
  batch?: number;
  memoryBytes?: number;
}
