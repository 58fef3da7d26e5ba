import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { ArchiveOptions } from './archive/archive.js';
import { findMidiFiles, isMidi, type SourceFile } from './find-files.js';
import type { PrepareOptions, SplitName } from './types.js';

/** All files of the options in their order, each for one split: what is given as held-out does not train. */
export class SourceList {
  private constructor(
    readonly files: readonly SourceFile[],
    private readonly validFrom: number,
    private readonly testFrom: number,
  ) {}

  /** @throws DatasetError RONDO_DATASET_INPUT, RONDO_DATASET_ABORTED. */
  static async find(options: PrepareOptions, scratch: string): Promise<SourceList> {
    const archives: ArchiveOptions = { scratch, wanted: isMidi, signal: options.signal };
    const list = (given: string | readonly string[] | undefined): readonly string[] =>
      given === undefined ? [] : typeof given === 'string' ? [given] : given;
    const valid = await findMidiFiles(list(options.valid), archives);
    const test = await findMidiFiles(list(options.test), archives);
    const inputs = await findMidiFiles(options.inputs, archives);
    const taken = new Set([...valid, ...test].map(({ real }) => real));
    const training = taken.size === 0 ? inputs : inputs.filter(({ real }) => !taken.has(real));
    const validFrom = training.length;
    return new SourceList([...training, ...valid, ...test], validFrom, validFrom + valid.length);
  }

  get length(): number {
    return this.files.length;
  }

  /** The split that a file was given for; undefined for the inputs. */
  given(index: number): SplitName | undefined {
    return index < this.validFrom ? undefined : index < this.testFrom ? 'valid' : 'test';
  }

  /** Changes when a file comes, goes or is written to, or is meant for another split. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const [i, { path, location, member }] of this.files.entries()) {
      const info = statSync(location, { throwIfNoEntry: false });
      // The content of a tar is unpacked anew each time: its own time says nothing.
      const time = member?.method === 'plain' ? 0 : info?.mtimeMs;
      hash.update(JSON.stringify([path, this.given(i), info?.size, time, member?.offset, member?.size]));
    }
    return hash.digest('hex');
  }
}
