import { describe, expect, it } from 'vitest';
import fs from 'node:fs/promises';
import path from 'node:path';
import { saveBundle } from '../save.js';
import { temporaryFolder } from '../testing/temporary.js';
import { tinyBundle } from '../testing/tiny-bundle.js';
import { writeSafetensors } from './write.js';

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/**
 * A reader straight from the published description of the format, with nothing of ours: eight bytes with the length of
 * the header, the header as JSON, then the values in little-endian order at the offsets that the header names.
 */
function readAsPublished(file: Buffer): { header: Record<string, Entry>; values: Map<string, number[]> } {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<string, Entry>;
  delete header['__metadata__'];
  const values = new Map<string, number[]>();
  for (const [name, { data_offsets: range }] of Object.entries(header)) {
    const [from, to] = range.map((offset) => 8 + length + offset);
    const count = (to - from) / 4;
    values.set(
      name,
      Array.from({ length: count }, (_, at) => file.readFloatLE(from + 4 * at)),
    );
  }
  return { header, values };
}

describe('another reader', () => {
  it('opens a model’s weights and finds every value at its place', async () => {
    const bundle = tinyBundle();
    const folder = path.join(await temporaryFolder(), 'model');
    await saveBundle(folder, bundle);
    const { header, values } = readAsPublished(await fs.readFile(path.join(folder, 'model.safetensors')));
    const parameters = bundle.network.readParameters();
    expect(Object.keys(header)).toEqual([...parameters.keys()]);
    for (const [name, { shape, data }] of parameters) {
      expect(header[name]).toMatchObject({ dtype: 'F32', shape });
      expect(values.get(name)).toEqual(Array.from(data));
    }
    bundle.network.dispose();
  });

  it('finds what the format demands: aligned, gapless, sorted by place, all bytes used', () => {
    const tensors = new Map([
      ['b', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['a "quoted" name', { shape: [], data: Float32Array.of(-0.5) }],
      ['empty', { shape: [0, 4], data: new Float32Array() }],
    ]);
    const file = Buffer.from(writeSafetensors(tensors, { note: 'ä' }));
    const { header } = readAsPublished(file);
    const length = Number(file.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    let end = 0;
    for (const { shape, data_offsets: range } of Object.values(header)) {
      expect(range).toEqual([end, end + 4 * shape.reduce((product, size) => product * size, 1)]);
      end = range[1];
    }
    expect(8 + length + end).toBe(file.length);
  });
});
