import { CheckpointError } from '../errors.js';
import {
  isWellFormed,
  LITTLE_ENDIAN,
  MAX_HEADER_BYTES,
  METADATA_KEY,
  type Metadata,
  PREFIX_BYTES,
  type Tensors,
} from './types.js';

/**
 * The bytes of a safetensors file with float32 tensors, in the order of the map. The same tensors give the same bytes.
 * @throws CheckpointError `RONDO_CHECKPOINT_WEIGHTS` where a name cannot be stored or a shape does not fit its data
 */
export function writeSafetensors(tensors: Tensors, metadata: Metadata = {}): Uint8Array {
  const chunks = safetensorsChunks(tensors, metadata);
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.byteLength;
  }
  return out;
}

/** The same bytes in pieces: the header, then each tensor's own memory (a view, not a copy, on little-endian machines). */
export function safetensorsChunks(tensors: Tensors, metadata: Metadata = {}): Uint8Array[] {
  const chunks = [headerBytes(tensors, metadata)];
  for (const { data } of tensors.values()) chunks.push(floatBytes(data));
  return chunks;
}

function headerBytes(tensors: Tensors, metadata: Metadata): Uint8Array {
  const fields: string[] = [];
  // Built by hand: an object would move names that look like numbers to the front.
  const pairs = Object.entries(metadata).map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
  if (pairs.length > 0) fields.push(`${JSON.stringify(METADATA_KEY)}:{${pairs.join(',')}}`);
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    checkTensor(name, shape, data.length);
    const range = [offset, offset + data.length * 4];
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: 'F32', shape, data_offsets: range })}`);
    offset = range[1];
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  return framed(json);
}

/** Length prefix, then the header filled with spaces so that the tensors begin at a multiple of eight bytes. */
function framed(json: Uint8Array): Uint8Array {
  const length = Math.ceil(json.byteLength / 8) * 8;
  if (length > MAX_HEADER_BYTES)
    throw weights(`the header would take ${length} bytes, at most ${MAX_HEADER_BYTES} can be read`);
  const out = new Uint8Array(PREFIX_BYTES + length).fill(0x20);
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true);
  out.set(json, PREFIX_BYTES);
  return out;
}

function checkTensor(name: string, shape: readonly number[], elements: number): void {
  const where = JSON.stringify(name);
  if (name === METADATA_KEY || !isWellFormed(name)) throw weights(`${where} cannot be the name of a tensor`);
  const valid = shape.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!valid || shape.reduce((product, n) => product * n, 1) !== elements) {
    throw weights(`${where} of shape [${shape.join(', ')}] holds ${elements} values`);
  }
}

function floatBytes(data: Float32Array): Uint8Array {
  if (LITTLE_ENDIAN) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const view = new DataView(new ArrayBuffer(data.byteLength));
  for (let i = 0; i < data.length; i++) view.setFloat32(i * 4, data[i], true);
  return new Uint8Array(view.buffer);
}

function weights(what: string): CheckpointError {
  return new CheckpointError('RONDO_CHECKPOINT_WEIGHTS', `Cannot write these tensors: ${what}.`);
}
