import { LITTLE_ENDIAN } from './types.js';

/**
 * Stored bytes → float32, in a buffer of its own.
 * @param bytes exactly `elements × bytes per element`, little-endian, any alignment
 */
export function decodeFloats(dtype: string, bytes: Uint8Array): Float32Array {
  switch (dtype) {
    case 'F32':
      return decodeF32(bytes);
    case 'F16':
      return decodeHalves(bytes, halfToFloat);
    case 'BF16':
      return decodeHalves(bytes, brainToFloat);
    default:
      throw new RangeError(`unknown dtype ${dtype}`);
  }
}

function decodeF32(bytes: Uint8Array): Float32Array {
  const out = new Float32Array(bytes.byteLength / 4);
  if (LITTLE_ENDIAN) {
    new Uint8Array(out.buffer).set(bytes);
    return out;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat32(i * 4, true);
  return out;
}

function decodeHalves(bytes: Uint8Array, widen: (bits: number) => number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.byteLength / 2);
  for (let i = 0; i < out.length; i++) out[i] = widen(view.getUint16(i * 2, true));
  return out;
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. Exact, subnormals and infinities included. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function brainToFloat(bits: number): number {
  scratch.setUint16(0, bits);
  scratch.setUint16(2, 0);
  return scratch.getFloat32(0);
}
