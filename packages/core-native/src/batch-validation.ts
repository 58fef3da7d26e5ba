import type { Batch } from './batch.js';
import { describe, EngineError, unexpected } from './errors.js';
import {
  returnsSequences,
  takesIds,
  type InputSpec,
  type ResolvedHeadSpec,
  type ResolvedNetworkSpec,
} from './network-spec.js';
import type { NativeBatch } from './native-binding.js';

const CODE = 'RONDO_ENGINE_SHAPE';
const BATCH_KEYS = new Set([
  'batch',
  'time',
  'inputs',
  'targets',
  'weights',
  'lengths',
  'resets',
  'carryState',
  'rowOffset',
] satisfies (keyof Batch)[]);

/** 20 bits of the random generator's counter. */
const MAX_TIME = 2 ** 20 - 1;
const MAX_BATCH = 2 ** 24;
/** Rows of all slices together: 32 bits of the counter. */
const MAX_ROWS = 2 ** 32 - 1;

interface Sizes {
  batch: number;
  time: number;
  /** Positions that have an output: T × B, or B when only the last step comes out. */
  outputs: number;
}

/**
 * Checks a batch against a spec and puts its arrays in the spec's order. Nothing is copied here.
 * Throws RONDO_ENGINE_SHAPE with the name, what was expected and what came.
 */
export function checkBatch(spec: ResolvedNetworkSpec, batch: Batch, needs: 'targets' | 'inputs'): NativeBatch {
  requireKnownKeys(batch);
  const sizes = checkSizes(spec, batch);
  requireNames('inputs', batch.inputs, spec.inputs);
  const native: NativeBatch = {
    batch: sizes.batch,
    time: sizes.time,
    inputs: spec.inputs.map((input) => checkInput(input, batch.inputs[input.name], sizes)),
    carryState: checkFlag('carryState', batch.carryState),
    rowOffset: checkRowOffset(batch.rowOffset, sizes),
  };
  if (batch.lengths !== undefined) native.lengths = checkLengths(batch.lengths, sizes);
  if (batch.resets !== undefined) native.resets = checkResets(batch.resets, sizes);
  if (needs === 'inputs') return native;
  if (batch.targets === undefined) {
    throw unexpected(CODE, 'batch: targets', 'an array for each head', 'nothing', 'only predict works without targets');
  }
  const targets = batch.targets;
  requireNames('targets', targets, spec.heads);
  native.targets = spec.heads.map((head) => checkTarget(head, targets[head.name], sizes));
  if (batch.weights !== undefined) native.weights = checkWeights(batch.weights, sizes);
  return native;
}

/** Checks the values of one input at `positions` places (t, b): the type, the size and the range of ids. */
export function checkInputValues(
  subject: string,
  input: InputSpec,
  values: unknown,
  positions: number,
  rows: number,
): Int32Array | Float32Array {
  if (!takesIds(input)) return checkFloats(subject, values, positions * input.units);
  return checkIds(subject, input, values, positions, rows);
}

/** Checks ids at `positions` places (t, b): the type, the size and the range. */
function checkIds(
  subject: string,
  input: { vocabulary: number },
  values: unknown,
  positions: number,
  rows: number,
): Int32Array {
  const ids = checkInts(subject, values, positions);
  checkRange(subject, ids, input.vocabulary, rows);
  return ids;
}

function requireKnownKeys(batch: Batch): void {
  const unknown = Object.keys(batch).find((key) => !BATCH_KEYS.has(key as keyof Batch));
  if (unknown !== undefined) throw new EngineError(CODE, `batch: unknown key "${unknown}"; correct or remove it`);
}

function checkSizes(spec: ResolvedNetworkSpec, { batch, time }: Batch): Sizes {
  requireCount('batch: batch', batch, 1, MAX_BATCH);
  requireCount('batch: time', time, 1, MAX_TIME);
  return { batch, time, outputs: returnsSequences(spec) ? time * batch : batch };
}

function requireCount(subject: string, value: unknown, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    throw unexpected(CODE, subject, `an integer, ${String(least)} … ${String(most)}`, describe(value));
  }
}

function requireNames(group: string, given: unknown, specs: readonly { name: string }[]): void {
  if (typeof given !== 'object' || given === null) {
    throw unexpected(CODE, `batch: ${group}`, 'an object of typed arrays by name', describe(given));
  }
  const unknown = Object.keys(given).find((name) => !specs.some((spec) => spec.name === name));
  if (unknown === undefined) return;
  const names = specs.map((spec) => spec.name).join(', ');
  throw unexpected(CODE, `batch: ${group}`, `the names ${names}`, `"${unknown}"`);
}

function checkInput(input: InputSpec, values: unknown, { batch, time }: Sizes): Int32Array | Float32Array {
  return checkInputValues(`batch: inputs.${input.name}`, input, values, time * batch, batch);
}

function checkTarget(head: ResolvedHeadSpec, values: unknown, sizes: Sizes): Int32Array | Float32Array {
  const subject = `batch: targets.${head.name}`;
  if (head.kind === 'regression') return checkFloats(subject, values, sizes.outputs * head.units);
  return checkIds(subject, head, values, sizes.outputs, sizes.batch);
}

function checkInts(subject: string, values: unknown, count: number): Int32Array {
  if (values instanceof Int32Array && values.length === count) return values;
  throw unexpected(CODE, subject, `Int32Array(${String(count)})`, describe(values));
}

function checkFloats(subject: string, values: unknown, count: number): Float32Array {
  if (values instanceof Float32Array && values.length === count) return values;
  throw unexpected(CODE, subject, `Float32Array(${String(count)})`, describe(values));
}

function checkRange(subject: string, ids: Int32Array, vocabulary: number, rows: number): void {
  const at = ids.findIndex((id) => id < 0 || id >= vocabulary);
  if (at < 0) return;
  throw unexpected(
    CODE,
    place(subject, at, rows),
    `0 … ${String(vocabulary - 1)}`,
    String(ids[at]),
    'padding counts too',
  );
}

function place(subject: string, at: number, rows: number): string {
  return `${subject} at step ${String(Math.floor(at / rows))}, row ${String(at % rows)}`;
}

function checkWeights(weights: unknown, sizes: Sizes): Float32Array {
  const checked = checkFloats('batch: weights', weights, sizes.outputs);
  const at = checked.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (at < 0) return checked;
  throw unexpected(CODE, place('batch: weights', at, sizes.batch), 'a finite number ≥ 0', String(checked[at]));
}

function checkLengths(lengths: unknown, { batch, time }: Sizes): Int32Array {
  const checked = checkInts('batch: lengths', lengths, batch);
  const at = checked.findIndex((length) => length < 0 || length > time);
  if (at < 0) return checked;
  throw unexpected(CODE, `batch: lengths[${String(at)}]`, `0 … ${String(time)}`, String(checked[at]));
}

function checkResets(resets: unknown, { batch, time }: Sizes): Uint8Array {
  if (resets instanceof Uint8Array && resets.length === time * batch) return resets;
  throw unexpected(CODE, 'batch: resets', `Uint8Array(${String(time * batch)})`, describe(resets));
}

function checkFlag(key: string, flag: unknown): boolean {
  if (flag === undefined || typeof flag === 'boolean') return flag ?? false;
  throw unexpected(CODE, `batch: ${key}`, 'true or false', describe(flag));
}

function checkRowOffset(rowOffset: unknown, { batch }: Sizes): number {
  if (rowOffset === undefined) return 0;
  requireCount('batch: rowOffset', rowOffset, 0, MAX_ROWS - batch);
  return rowOffset as number;
}
