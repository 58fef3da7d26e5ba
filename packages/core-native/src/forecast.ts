import type { DeviceInfo } from './device.js';
import { loadBinding } from './load-binding.js';
import type { NetworkOptions } from './network.js';
import type { NetworkSpec } from './network-spec.js';
import { parseWith, resolveNetworkSpec, resolveOptimizerSpec } from './resolve-spec.js';
import { forecastOptionsSchema } from './spec-schema.js';

/** What a training is to be made of. */
export interface ForecastOptions extends Omit<NetworkOptions, 'seed'> {
  /** Rows that are trained together. */
  batch: number;
  /** The most time steps of a batch. */
  time: number;
}

/** Bytes on the device; `total` is what `Network.memoryBytes` shows once the training has made a step and an evaluation. */
export interface MemoryForecast {
  device: DeviceInfo;
  parameters: number;
  gradients: number;
  /** What the optimiser keeps for each parameter. */
  optimizer: number;
  /** Copies of the weights in the order in which the kernels read them. */
  packed: number;
  /** Everything that one pass over a batch reads and writes. */
  work: number;
  /** Carried states of training and of evaluation. */
  state: number;
  /** The device's own. */
  scratch: number;
  total: number;
}

/**
 * How much memory training a network would take, worked out without allocating it.
 * Throws RONDO_ENGINE_SPEC, RONDO_ENGINE_OPTION, RONDO_ENGINE_DEVICE or RONDO_ADDON_MISSING.
 */
export function forecastMemory(spec: NetworkSpec, options: ForecastOptions): MemoryForecast {
  const resolved = resolveNetworkSpec(spec);
  const { batch, time, device, threads, precision } = parseWith(
    forecastOptionsSchema,
    options,
    'forecast options',
    'RONDO_ENGINE_OPTION',
  );
  const optimizer = resolveOptimizerSpec(options.optimizer ?? { kind: 'rmsprop' });
  const config = { spec: resolved, optimizer, seed: 0, device, threads, precision };
  return loadBinding().binding.forecastMemory(config, batch, time);
}
