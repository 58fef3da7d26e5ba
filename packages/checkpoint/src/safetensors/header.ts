import { CheckpointError } from '../errors.js';
import { DTYPE_BYTES, isWellFormed, MAX_HEADER_BYTES, METADATA_KEY, type Metadata, PREFIX_BYTES } from './types.js';
import { duplicateKey } from './duplicate-key.js';

/** One tensor's entry: where its bytes lie, counted from the end of the header. */
export interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

export interface Header {
  entries: Entry[]; // by offset, which is the order of writing
  metadata: Metadata;
  dataStart: number; // bytes from the start of the file
}

const MAX_RANK = 16;

/**
 * Reads and checks the header of a safetensors file. Nothing is allocated that the header merely claims.
 * @param start the file's first bytes, at least prefix and header
 * @param fileBytes length of the whole file
 * @param label how messages call the file
 */
export function parseHeader(start: Uint8Array, fileBytes: number, label: string): Header {
  const headerBytes = headerLength(start, fileBytes, label);
  const text = headerText(start.subarray(PREFIX_BYTES, PREFIX_BYTES + headerBytes), label);
  const root = parseObject(text, label);
  const dataStart = PREFIX_BYTES + headerBytes;
  const entries = Object.keys(root)
    .filter((name) => name !== METADATA_KEY)
    .map((name) => parseEntry(name, root[name], label))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, fileBytes - dataStart, label);
  return { entries, metadata: parseMetadata(root[METADATA_KEY], label), dataStart };
}

/** Bytes of the header, as promised by the prefix and found possible. */
export function headerLength(start: Uint8Array, fileBytes: number, label: string): number {
  if (fileBytes < PREFIX_BYTES || start.byteLength < PREFIX_BYTES) {
    throw truncated(label, `${PREFIX_BYTES} bytes of header length`, fileBytes);
  }
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw corrupt(label, `its header claims ${length} bytes (at most ${MAX_HEADER_BYTES} are allowed)`);
  }
  if (PREFIX_BYTES + Number(length) > fileBytes) {
    throw truncated(label, `${PREFIX_BYTES + Number(length)} bytes of header`, fileBytes);
  }
  return Number(length);
}

function headerText(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw corrupt(label, 'its header is not UTF-8');
  }
}

function parseObject(text: string, label: string): Record<string, unknown> {
  if (!text.startsWith('{')) throw corrupt(label, 'its header does not start with {');
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw corrupt(label, 'its header is not JSON');
  }
  if (!isObject(root)) throw corrupt(label, 'its header is not a JSON object');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw corrupt(label, `its header names ${JSON.stringify(twice)} twice`);
  return root;
}

function parseEntry(name: string, value: unknown, label: string): Entry {
  const where = `tensor ${JSON.stringify(name)}`;
  if (!isWellFormed(name)) throw corrupt(label, `${where} has a name that is not Unicode text`);
  if (!isObject(value)) throw corrupt(label, `${where} is not described by an object`);
  const unknown = Object.keys(value).find((key) => key !== 'dtype' && key !== 'shape' && key !== 'data_offsets');
  if (unknown !== undefined) throw corrupt(label, `${where} has an unknown field ${JSON.stringify(unknown)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw corrupt(label, `${where} has no dtype`);
  if (!Object.hasOwn(DTYPE_BYTES, dtype)) {
    const message = `${label}: ${where} is stored as ${dtype.slice(0, 20)}; expected F32, F16 or BF16. Convert the file first.`;
    throw new CheckpointError('RONDO_CHECKPOINT_DTYPE', message);
  }
  if (!isCounts(shape) || shape.length > MAX_RANK) throw corrupt(label, `${where} has no valid shape`);
  if (!isCounts(offsets) || offsets.length !== 2) throw corrupt(label, `${where} has no valid data_offsets`);
  const [begin, end] = offsets as [number, number];
  const bytes = BigInt(DTYPE_BYTES[dtype]) * shape.reduce((product, n) => product * BigInt(n), 1n);
  if (bytes !== BigInt(end) - BigInt(begin)) {
    throw corrupt(
      label,
      `${where} of shape [${shape.join(', ')}] needs ${bytes} bytes, its offsets give ${end - begin}`,
    );
  }
  return { name, dtype, shape: [...shape], begin, end };
}

/** Tensors must follow each other without gap or overlap and fill the file: nothing can hide in it. */
function checkLayout(entries: readonly Entry[], dataBytes: number, label: string): void {
  let position = 0;
  for (const { name, begin, end } of entries) {
    const where = `tensor ${JSON.stringify(name)}`;
    if (begin < position) throw corrupt(label, `${where} overlaps the one before it`);
    if (begin > position) throw corrupt(label, `there is a gap of ${begin - position} bytes before ${where}`);
    position = end;
  }
  if (position > dataBytes) throw truncated(label, `${position} bytes of tensors`, dataBytes);
  if (position < dataBytes) throw corrupt(label, `${dataBytes - position} bytes follow the last tensor`);
}

function parseMetadata(value: unknown, label: string): Metadata {
  if (value === undefined) return {};
  if (!isObject(value) || !Object.values(value).every((text) => typeof text === 'string')) {
    throw corrupt(label, 'its metadata is not a map of texts');
  }
  return value as Metadata;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function corrupt(label: string, what: string): CheckpointError {
  return new CheckpointError('RONDO_CHECKPOINT_CORRUPT', `${label} is not a valid safetensors file: ${what}.`);
}

function truncated(label: string, expected: string, got: number): CheckpointError {
  const message = `${label} is cut short: expected ${expected}, found ${got}; copy or save the model again.`;
  return new CheckpointError('RONDO_CHECKPOINT_TRUNCATED', message);
}
