import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/run-rondo.js';
import { refuseBundleFile, refuseOwnSource } from './own-place.js';

const folder = temporaryFolder();
const data = path.join(folder, 'data');
fs.mkdirSync(data);

describe('what a command writes', () => {
  it('is never put into the dataset that it reads, by whatever name', () => {
    const link = path.join(folder, 'link');
    fs.symlinkSync(data, link);
    for (const out of [data, `${data}/`, link, path.join(data, '..', 'data')])
      expect(() => refuseOwnSource(out, data)).toThrow(/another folder than the dataset/);
    expect(() => refuseOwnSource(path.join(data, 'run'), data)).not.toThrow();
    expect(() => refuseOwnSource(path.join(folder, 'new'), path.join(folder, 'nowhere'))).not.toThrow();
  });

  it('never replaces a file of a model bundle', () => {
    const weights = path.join(folder, 'model.safetensors');
    expect(() => refuseBundleFile(weights)).not.toThrow();
    fs.writeFileSync(weights, '');
    expect(() => refuseBundleFile(weights)).not.toThrow(); // an export of before
    fs.writeFileSync(path.join(folder, 'config.json'), '{}');
    expect(() => refuseBundleFile(weights)).toThrow(/file of a model bundle/);
    expect(() => refuseBundleFile(path.join(folder, 'weights.onnx'))).not.toThrow();
  });
});
