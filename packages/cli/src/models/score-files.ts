import { setImmediate } from 'node:timers/promises';
import type { Score } from '@rondo/tokenizer';
import { findMidiFiles } from '@rondo/tokenizer/node';
import { CommandError, InterruptedError } from '../terminal/exit-codes.js';
import { errorLine } from '../terminal/report-error.js';
import type { Output } from '../terminal/output.js';
import { readOneOfMany, readScore } from './read-score.js';

export interface ReadScore {
  file: string;
  score: Score;
}

export interface ReadOptions {
  output: Output;
  /** Ends the reading between two files. */
  signal?: AbortSignal;
  /** Told before each file. */
  onFile?(done: number, total: number): void;
}

/**
 * The MIDI files among files and folders, read one at a time when they are asked for: memory holds one. Each unreadable
 * one is reported with its reason.
 */
export class ScoreFiles {
  /** Files that could not be used, as far as they were read. */
  readonly skipped: { file: string; reason: string }[] = [];

  private constructor(
    private readonly inputs: readonly string[],
    private readonly files: readonly string[],
    private readonly options: ReadOptions,
  ) {}

  static async find(inputs: readonly string[], options: ReadOptions): Promise<ScoreFiles> {
    const found = await findMidiFiles(inputs);
    return new ScoreFiles(
      inputs,
      found.map(({ path }) => path),
      options,
    );
  }

  /** Files that were found, readable or not. */
  get count(): number {
    return this.files.length;
  }

  /** @throws CommandError when none can be used, InterruptedError */
  async *[Symbol.asyncIterator](): AsyncGenerator<ReadScore> {
    const { files, inputs, skipped, options } = this;
    skipped.length = 0;
    for (const [index, file] of files.entries()) {
      options.onFile?.(index, files.length);
      // A turn of the event loop: Ctrl-C is not heard without one.
      await setImmediate();
      if (options.signal?.aborted === true) {
        throw new InterruptedError(`stopped after ${index} of ${files.length} files`);
      }
      const score = this.read(file);
      if (score !== undefined) yield { file, score };
    }
    if (skipped.length === files.length) throw new CommandError(`no usable MIDI file among ${inputs.join(', ')}`);
  }

  private read(file: string): Score | undefined {
    if (this.files.length === 1) return readScore(file, this.options.output);
    try {
      return readOneOfMany(file, this.options.output);
    } catch (error) {
      this.skipped.push({ file, reason: errorLine(error) });
      this.options.output.note(`skipped  ${file}: ${errorLine(error)}`);
      return undefined;
    }
  }
}
