import { loadBinding } from './load-binding.js';

/**
 * Arithmetic of the matrix products. Weights, optimiser slots, cell states and sums are fp32 or wider in all of them;
 * `tf32` and `bf16` round the operands to 10 and 7 bits of mantissa, and need a CUDA device.
 */
export type Precision = 'fp32' | 'tf32' | 'bf16';

/** A device that networks can run on. */
export interface DeviceInfo {
  kind: 'cpu' | 'cuda';
  /** Number within its kind. */
  index: number;
  /** What the machine calls it. */
  name: string;
  /** Instruction set in use, such as avx2 or sm_90. */
  simd: string;
  /** CPU: hardware threads. CUDA: multiprocessors. */
  threads: number;
  /** Installed memory in bytes; 0 when unknown. */
  memoryBytes: number;
  /** CUDA: version of CUDA that the installed driver offers, such as 13.0. CPU: null. */
  driver: string | null;
}

/** What was loaded, for reports and bug reports. */
export interface AddonInfo {
  /** File of the native addon. */
  path: string;
  /** Version of the engine. */
  version: string;
  /** Vector instructions that the CPU path uses on this machine. */
  simd: string;
  /** Whether the addon contains CUDA code (not whether a GPU is there). */
  cudaBuilt: boolean;
  /** CUDA architectures that it was compiled for, such as `sm_90`. */
  cudaArchitectures: string[];
  /** Why there is no CUDA device; empty when there is one. */
  cudaNote: string;
}

/** All devices of this machine that the addon can use; the CPU is always the first. */
export function listDevices(): DeviceInfo[] {
  return loadBinding().binding.listDevices();
}

/** Where the addon was found and what is in it. */
export function addonInfo(): AddonInfo {
  const { path, binding } = loadBinding();
  return { path, ...binding.info() };
}
