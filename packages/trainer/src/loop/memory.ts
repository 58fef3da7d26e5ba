import { freemem } from 'node:os';
import { type DeviceInfo, forecastMemory, type NetworkOptions, type NetworkSpec } from '@rondo/core-native';
import type { BatchPlan } from '../batches/epoch.js';
import type { PieceSource } from '../batches/piece-source.js';
import { TrainerError } from '../errors.js';
import type { TrainSettings } from '../presets/settings.js';

/** What a training takes and what there is, in bytes. */
export interface MemoryNeed {
  /** On the device that computes. */
  deviceBytes: number;
  /** In main memory besides: copies for saving, batches that are being read. */
  hostBytes: number;
  /** Main memory that this process can still have. */
  availableBytes: number;
  /** Rows of the batches that are trained on, and what one more of them would take on the device. */
  rows: number;
  rowBytes: number;
}

type Engine = Pick<NetworkOptions, 'device' | 'threads' | 'precision'>;
type Sizes = Pick<TrainSettings, 'objective' | 'batch' | 'sequence' | 'optimizer' | 'averaging'>;

/** The data, as far as its size matters. */
interface Data {
  plan: Pick<BatchPlan, 'rows' | 'time'>;
  valid: Pick<PieceSource, 'count' | 'length'> | undefined;
}

/** Bytes per token of the batch at work and of the one being read: ids, targets, weights and marks, twice. */
const TOKEN_BYTES = 2 * 24;

/** By which JavaScript's own memory grows while a training runs. */
const RUNTIME_BYTES = 24 * 2 ** 20;

/** The forecast of a training with batches of so many rows and steps. @throws EngineError */
function forecastTraining(
  spec: NetworkSpec,
  { rows, time }: { rows: number; time: number },
  { optimizer, averaging }: Pick<Sizes, 'optimizer' | 'averaging'>,
  engine: Engine,
): Omit<MemoryNeed, 'rows' | 'rowBytes'> & { device: DeviceInfo } {
  const forecast = forecastMemory(spec, { ...engine, optimizer, batch: rows, time });
  // A checkpoint is written from a copy of the weights, the optimiser's slots and the states. While one is made, the one
  // before may still wait for the collection of garbage.
  const copies = 2 * (forecast.parameters + forecast.optimizer + forecast.state / 2);
  // The average, what is blended into it, and what it takes the place of.
  const averages = averaging > 0 ? 3 * forecast.parameters : 0;
  const hostBytes = copies + averages + rows * time * TOKEN_BYTES + RUNTIME_BYTES;
  return { deviceBytes: forecast.total, hostBytes, availableBytes: availableMemory(), device: forecast.device };
}

/**
 * The forecast of a training that fits.
 * @throws TrainerError `RONDO_TRAINER_MEMORY`, with sizes that would fit
 */
export function requireMemory(spec: NetworkSpec, settings: Sizes, data: Data, engine: Engine): MemoryNeed {
  const needOf = (sizes: Sizes) => forecastTraining(spec, largestBatch(data, sizes), sizes, engine);
  const { device, ...need } = needOf(settings);
  if (fits(device, need)) return { ...need, ...batchRows(spec, settings, data, engine) };
  const onCpu = device.kind === 'cpu';
  const smaller = smallerSizes(settings).find((sizes) => fits(device, needOf(sizes)));
  const advice = smaller
    ? `it would fit with a batch of ${smaller.batch} and a sequence of ${smaller.sequence}`
    : 'the network itself is too large: choose a smaller one (preset)';
  throw new TrainerError(
    'RONDO_TRAINER_MEMORY',
    `This training takes about ${gibibytes(need.deviceBytes + (onCpu ? need.hostBytes : 0))} of memory with a batch of ` +
      `${settings.batch} and a sequence of ${settings.sequence}; ${gibibytes(onCpu ? need.availableBytes : device.memoryBytes)} ` +
      `are there (${device.name}); ${advice}`,
  );
}

/** Rows of the training's batches, and the memory of one of them: what the forecast with one row less is less. */
function batchRows(spec: NetworkSpec, settings: Sizes, { plan }: Data, engine: Engine) {
  const bytes = (rows: number) => forecastTraining(spec, { rows, time: plan.time }, settings, engine).deviceBytes;
  const { rows } = plan;
  return { rows, rowBytes: rows > 1 ? bytes(rows) - bytes(rows - 1) : bytes(2) - bytes(1) };
}

type Sum = Pick<MemoryNeed, 'deviceBytes' | 'hostBytes' | 'availableBytes'>;

function fits(device: DeviceInfo, { deviceBytes, hostBytes, availableBytes }: Sum): boolean {
  if (device.kind === 'cpu') return deviceBytes + hostBytes <= availableBytes;
  return hostBytes <= availableBytes && (device.memoryBytes === 0 || deviceBytes <= device.memoryBytes);
}

/** B and T that hold every batch of training and of evaluation. */
function largestBatch({ plan, valid }: Data, { objective, batch, sequence }: Sizes): { rows: number; time: number } {
  const pieces = valid?.count ?? 0;
  let longest = 0;
  for (let piece = 0; piece < pieces; piece++) longest = Math.max(longest, valid?.length(piece) ?? 0);
  // Whole pieces are scored side by side, or windows of them.
  const scored = objective === 'all' ? pieces : pieces * longest;
  return {
    rows: Math.min(batch, Math.max(plan.rows, scored)),
    time: Math.min(sequence, Math.max(plan.time, longest)),
  };
}

/** Smaller batches first: they change the least. */
function smallerSizes(settings: Sizes): Sizes[] {
  const sizes: Sizes[] = [];
  let { batch, sequence } = settings;
  while (batch * sequence > 1) {
    if (batch > 8 || batch >= sequence) batch = Math.floor(batch / 2);
    else sequence = Math.floor(sequence / 2);
    sizes.push({ ...settings, batch, sequence });
  }
  return sizes;
}

/** What the system would give this process, limits of containers included. */
function availableMemory(): number {
  // Newer versions of Node know the limits of containers.
  const { availableMemory: available } = process as { availableMemory?: () => number };
  return available?.() || freemem();
}

function gibibytes(bytes: number): string {
  const gigabytes = bytes / 2 ** 30;
  if (gigabytes > 1e6) return 'millions of GiB';
  return gigabytes >= 0.1 ? `${Number(gigabytes.toPrecision(3))} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
