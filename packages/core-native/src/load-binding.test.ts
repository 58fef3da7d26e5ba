import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from './errors.js';
import { findBinding, loadBinding } from './load-binding.js';

describe('loading the addon', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rondo-addon-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function failure(override?: string): EngineError {
    try {
      findBinding(override, root);
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      return error as EngineError;
    }
    throw new Error('something was loaded');
  }

  it('lists every place that was tried and the command that builds the addon', () => {
    const error = failure();
    expect(error.code).toBe('RONDO_ADDON_MISSING');
    expect(error.message).toContain(`built ${join(root, 'build', 'Release', 'rondo_native.node')}: no such file`);
    expect(error.message).toContain(
      `packaged ${join(root, 'prebuilds', `${process.platform}-${process.arch}`, 'rondo_native.node')}: no such file`,
    );
    expect(error.message).toContain(`node ${JSON.stringify(join(root, 'scripts', 'build-native.mjs'))}`);
    expect(error.message).toContain('built elsewhere in RONDO_ADDON');
    expect(error.message).not.toContain('\n');
  });

  it('tells why a file that is there does not load', () => {
    mkdirSync(join(root, 'build', 'Release'), { recursive: true });
    writeFileSync(join(root, 'build', 'Release', 'rondo_native.node'), 'not a library');
    expect(failure().message).toMatch(/built .*rondo_native\.node: (?!no such file)\S+/);
  });

  it('refuses an addon of another version, and takes the packaged one instead', () => {
    const { path } = loadBinding();
    const packaged = join(root, 'prebuilds', `${process.platform}-${process.arch}`, 'rondo_native.node');
    const built = join(root, 'build', 'Release', 'rondo_native.node');
    for (const place of [packaged, built]) mkdirSync(dirname(place), { recursive: true });
    // What Node gives for a file that ends in .node is what the file exports: the version alone differs.
    const other = join(root, 'other.cjs');
    writeFileSync(other, `module.exports = { info: () => ({ version: '0.0.1' }) };`);
    symlinkSync(other, built);
    expect(failure().message).toMatch(
      /built .*: of version 0\.0\.1, and this is version \d+\.\d+\.\d+ .*install it again; packaged/,
    );
    writeFileSync(other, 'module.exports = {};');
    copyFileSync(path, packaged);
    expect(findBinding(undefined, root).path).toBe(packaged);
  });

  it('takes RONDO_ADDON at its word', () => {
    const path = join(root, 'elsewhere.node');
    const { message } = failure(path);
    expect(message).toContain(`RONDO_ADDON ${path}: no such file`);
    expect(message).toContain('correct RONDO_ADDON or unset it');
    expect(message).not.toContain('prebuilds');
  });
});
