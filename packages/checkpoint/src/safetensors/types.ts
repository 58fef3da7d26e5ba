/** Named float tensors in file order; the same type that the engine reads and writes its parameters with. */
export type { Tensors } from '@rondo/core-native';

/** Free text pairs in the header's `__metadata__`. */
export type Metadata = Record<string, string>;

/** The header may take this many bytes, as in the reference reader of the format. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Eight bytes before the header: its length as a little-endian unsigned 64-bit integer. */
export const PREFIX_BYTES = 8;

export const METADATA_KEY = '__metadata__';

/** Stored types that become float32 when read, with their bytes per element. */
export const DTYPE_BYTES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

/** True where Float32Array has the byte order of the file. */
export const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
