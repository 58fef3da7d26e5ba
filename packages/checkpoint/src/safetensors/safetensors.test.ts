import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.js';
import { readSafetensors, readSafetensorsWithMetadata } from './read.js';
import { safetensorsChunks, writeSafetensors } from './write.js';
import type { Tensors } from './types.js';

const tensor = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
  .chain((shape) => {
    const count = shape.reduce((product, n) => product * n, 1);
    return fc.tuple(fc.constant(shape), fc.array(fc.float(), { minLength: count, maxLength: count }));
  })
  .map(([shape, values]) => ({ shape, data: Float32Array.from(values) }));
const name = fc.string({ unit: 'binary' }).filter((text) => text !== '__metadata__' && !/\p{Surrogate}/u.test(text));
const tensors: fc.Arbitrary<Tensors> = fc
  .uniqueArray(fc.tuple(fc.oneof(name, fc.constantFrom('0', '10', '2', '__proto__', 'layers.0.kernel')), tensor), {
    selector: ([key]) => key,
    maxLength: 8,
  })
  .map((entries) => new Map(entries));
const metadata = fc.dictionary(
  name.filter((key) => key !== '__proto__'),
  name,
  { maxKeys: 3 },
);

function sample(): Tensors {
  return new Map([
    ['layers.0.kernel', { shape: [2, 3], data: Float32Array.of(1, -2.5, 3, NaN, -0, Infinity) }],
    ['empty', { shape: [0, 7], data: new Float32Array() }],
    ['scalar', { shape: [], data: Float32Array.of(42) }],
  ]);
}

/** A file with the given header text and this many data bytes. */
function fileOf(header: string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const out = new Uint8Array(8 + text.length + dataBytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  return out;
}

function failure(action: () => unknown): CheckpointError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).not.toContain('\n');
    return error as CheckpointError;
  }
  throw new Error('nothing was thrown');
}

describe('safetensors round trip', () => {
  it('gives back names, order, shapes and bits of any tensors', () => {
    fc.assert(
      fc.property(tensors, metadata, (before, pairs) => {
        const bytes = writeSafetensors(before, pairs);
        const after = readSafetensorsWithMetadata(bytes);
        const bits = (map: Tensors) =>
          [...map].map(([key, { shape, data }]) => [key, shape, [...new Uint32Array(Float32Array.from(data).buffer)]]);
        // Tensors without values share an offset, so their place among others may move.
        const byName = (list: unknown[][]) => list.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
        expect(byName(bits(after.tensors))).toEqual(byName(bits(before)));
        const full = (map: Tensors) => [...map].filter(([, { data }]) => data.length > 0).map(([key]) => key);
        expect(full(after.tensors)).toEqual(full(before));
        expect({ ...after.metadata }).toEqual({ ...pairs });
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('writes the same bytes for the same tensors, data at a multiple of eight', () => {
    const bytes = writeSafetensors(sample(), { format: 'rondo' });
    expect(bytes).toEqual(writeSafetensors(sample(), { format: 'rondo' }));
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect((8 + header) % 8).toBe(0);
    expect(Buffer.concat(safetensorsChunks(sample(), { format: 'rondo' })).equals(bytes)).toBe(true);
  });

  it('reads bytes at an odd address', () => {
    const bytes = writeSafetensors(sample());
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readSafetensors(shifted.subarray(3))).toEqual(readSafetensors(bytes));
  });

  it('refuses names and shapes that no file can hold', () => {
    const one = (key: string, shape: number[]): Tensors => new Map([[key, { shape, data: new Float32Array(6) }]]);
    for (const bad of [
      one('__metadata__', [6]),
      one('\ud800', [6]),
      one('a', [5]),
      one('a', [-2, -3]),
      one('a', [1.5, 4]),
    ]) {
      expect(failure(() => writeSafetensors(bad)).code).toBe('RONDO_CHECKPOINT_WEIGHTS');
    }
  });
});

describe('half precision', () => {
  const read = (dtype: string, words: number[]) => {
    const bytes = fileOf(
      JSON.stringify({ a: { dtype, shape: [words.length], data_offsets: [0, words.length * 2] } }),
      words.length * 2,
    );
    words.forEach((word, i) =>
      new DataView(bytes.buffer).setUint16(bytes.length - words.length * 2 + i * 2, word, true),
    );
    return [...readSafetensors(bytes).get('a')!.data];
  };

  it('widens F16: normal, largest, subnormal, zero, infinite, not a number', () => {
    const words = [0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x03ff, 0x8000, 0x7c00, 0xfc00, 0x7e00];
    const values = [1, -2, 0.333251953125, 65504, 2 ** -24, 1023 * 2 ** -24, -0, Infinity, -Infinity, NaN];
    expect(read('F16', words)).toEqual(values);
  });

  it('widens BF16 as the upper half of a float32', () => {
    expect(read('BF16', [0x3f80, 0xc000, 0x4049, 0x7f80, 0x0001])).toEqual([1, -2, 3.140625, Infinity, 2 ** -133]);
  });
});

describe('damaged files', () => {
  it('are refused at every length short of the whole', () => {
    const bytes = writeSafetensors(sample(), { format: 'rondo' });
    for (let length = 0; length < bytes.length; length++) {
      const { code } = failure(() => readSafetensors(bytes.subarray(0, length)));
      expect(code, `cut after ${length} bytes`).toBe('RONDO_CHECKPOINT_TRUNCATED');
    }
  });

  it('are read or refused with a typed error, whichever bit of the header flips', () => {
    const bytes = writeSafetensors(sample());
    const header = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    let refused = 0;
    for (let bit = 0; bit < header * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      try {
        readSafetensors(flipped);
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(header * 4); // most flips cannot pass for a header
  });

  const cases: [string, string, number, string][] = [
    ['no object', '[]', 0, 'CORRUPT'],
    ['not JSON', '{"a":', 0, 'CORRUPT'],
    ['leading space', ' {}', 0, 'CORRUPT'],
    ['no description', '{"a":3}', 0, 'CORRUPT'],
    ['no dtype', '{"a":{"shape":[1],"data_offsets":[0,4]}}', 4, 'CORRUPT'],
    ['unread dtype', '{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}', 8, 'DTYPE'],
    ['inherited name as dtype', '{"a":{"dtype":"constructor","shape":[1],"data_offsets":[0,4]}}', 4, 'DTYPE'],
    ['negative size', '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4, 'CORRUPT'],
    ['fractional size', '{"a":{"dtype":"F32","shape":[0.5],"data_offsets":[0,2]}}', 2, 'CORRUPT'],
    ['product past 2^53', '{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,4]}}', 4, 'CORRUPT'],
    [
      'product that wraps to 0',
      '{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}',
      0,
      'CORRUPT',
    ],
    ['offsets too far', '{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}', 4, 'TRUNCATED'],
    ['offsets backwards', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', 4, 'CORRUPT'],
    ['offsets that do not fit the shape', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4, 'CORRUPT'],
    ['gap', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8, 'CORRUPT'],
    ['rest', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 5, 'CORRUPT'],
    [
      'overlap',
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
      8,
      'CORRUPT',
    ],
    [
      'same name twice',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
      'CORRUPT',
    ],
    [
      'same name twice, written differently',
      '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061":{}}',
      0,
      'CORRUPT',
    ],
    ['same field twice', '{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}', 4, 'CORRUPT'],
    ['unknown field', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}', 4, 'CORRUPT'],
    ['metadata with numbers', '{"__metadata__":{"a":1}}', 0, 'CORRUPT'],
    ['lone surrogate as name', '{"\\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4, 'CORRUPT'],
  ];
  it.each(cases)('are refused: %s', (_, header, dataBytes, code) => {
    expect(failure(() => readSafetensors(fileOf(header, dataBytes))).code).toBe(`RONDO_CHECKPOINT_${code}`);
  });

  it('may claim any header length without any memory being taken', () => {
    const bytes = new Uint8Array(64);
    for (const claim of [0xffff_ffff_ffff_ffffn, 1n << 62n, 100_000_001n]) {
      new DataView(bytes.buffer).setBigUint64(0, claim, true);
      expect(failure(() => readSafetensors(bytes)).code).toBe('RONDO_CHECKPOINT_CORRUPT');
    }
    new DataView(bytes.buffer).setBigUint64(0, 99_999_999n, true);
    expect(failure(() => readSafetensors(bytes)).code).toBe('RONDO_CHECKPOINT_TRUNCATED');
  });

  it('accepts keys that merely look alike', () => {
    const header =
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a\\"":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"dtype":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}';
    expect([...readSafetensors(fileOf(header, 12)).keys()]).toEqual(['a', 'a"', 'dtype']);
  });
});
