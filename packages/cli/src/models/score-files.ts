import { setImmediate } from 'node:timers/promises';
import type { Score } from '@rondo/tokenizer';
import { MidiSources, type SourceFile } from '@rondo/tokenizer/node';
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
 * The MIDI files among files, folders, patterns and archives, read one at a time when they are asked for: memory holds
 * one. Each unreadable one is reported with its reason. To be closed.
 */
export class ScoreFiles {
  /** Files that could not be used, as far as they were read. */
  readonly skipped: { file: string; reason: string }[] = [];

  private constructor(
    private readonly inputs: readonly string[],
    private readonly sources: MidiSources,
    private readonly options: ReadOptions,
  ) {}

  /** @throws DatasetError RONDO_DATASET_INPUT for what does not exist or is damaged, InterruptedError */
  static async find(inputs: readonly string[], options: ReadOptions): Promise<ScoreFiles> {
    try {
      return new ScoreFiles(inputs, await MidiSources.open(inputs, options.signal), options);
    } catch (error) {
      if (options.signal?.aborted === true) throw new InterruptedError('stopped while unpacking');
      throw error;
    }
  }

  /** Removes what was unpacked. */
  close(): void {
    this.sources.close();
  }

  /** Files that were found, readable or not. */
  get count(): number {
    return this.sources.files.length;
  }

  /** @throws CommandError when none can be used, InterruptedError */
  async *[Symbol.asyncIterator](): AsyncGenerator<ReadScore> {
    const { inputs, skipped, options } = this;
    const { files } = this.sources;
    skipped.length = 0;
    for (const [index, file] of files.entries()) {
      options.onFile?.(index, files.length);
      // A turn of the event loop: Ctrl-C is not heard without one.
      await setImmediate();
      if (options.signal?.aborted === true) {
        throw new InterruptedError(`stopped after ${index} of ${files.length} files`);
      }
      const score = this.read(file);
      if (score !== undefined) yield { file: file.path, score };
    }
    if (skipped.length === files.length) throw new CommandError(`no usable MIDI file among ${inputs.join(', ')}`);
  }

  private read(source: SourceFile): Score | undefined {
    const { output } = this.options;
    const file = source.path;
    if (this.count === 1 && source.member === undefined) return readScore(file, output);
    try {
      return readOneOfMany(file, output, this.sources.readMember(source));
    } catch (error) {
      if (this.count === 1) throw new CommandError(`${file}: ${errorLine(error)}`, { cause: error });
      this.skipped.push({ file, reason: errorLine(error) });
      output.note(`skipped  ${file}: ${errorLine(error)}`);
      return undefined;
    }
  }
}
