import { decodeFloats } from './decode-floats.js';
import { parseHeader } from './header.js';
import type { Metadata, Tensors } from './types.js';

/**
 * Reads a safetensors file. Strict: every byte must belong to exactly one tensor and the header must say each thing once.
 * @param bytes the whole file
 * @param label how messages call the file
 * @returns tensors in file order; F16 and BF16 widened to float32; the data are copies
 * @throws CheckpointError `RONDO_CHECKPOINT_TRUNCATED`, `RONDO_CHECKPOINT_CORRUPT` or `RONDO_CHECKPOINT_DTYPE`
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array, label = 'The file'): Tensors {
  return readSafetensorsWithMetadata(bytes, label).tensors;
}

/** As {@link readSafetensors}, with the header's text pairs. */
export function readSafetensorsWithMetadata(
  bytes: Uint8Array,
  label = 'The file',
): { tensors: Tensors; metadata: Metadata } {
  const { entries, metadata, dataStart } = parseHeader(bytes, bytes.byteLength, label);
  const tensors: Tensors = new Map();
  for (const { name, dtype, shape, begin, end } of entries) {
    tensors.set(name, { shape, data: decodeFloats(dtype, bytes.subarray(dataStart + begin, dataStart + end)) });
  }
  return { tensors, metadata };
}
