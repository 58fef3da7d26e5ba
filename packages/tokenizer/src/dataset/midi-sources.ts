import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../midi/limits.js';
import { readMember } from './archive/read-member.js';
import { findMidiFiles, isMidi, type SourceFile } from './find-files.js';

/** A folder for what tar archives hold, made when the first one is met. */
class Scratch {
  private folder: string | undefined;

  readonly make = (): string => (this.folder ??= mkdtempSync(join(tmpdir(), 'rondo-midi-')));

  remove(): void {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.folder = undefined;
  }
}

/** The MIDI files of files, folders, glob patterns and archives, found as `prepareDataset` finds them. To be closed. */
export class MidiSources {
  private constructor(
    /** Each once, in the order and with the names that `prepareDataset` gives them. */
    readonly files: readonly SourceFile[],
    private readonly scratch: Scratch,
  ) {}

  /**
   * Lists the inputs; the MIDI files of tar archives are unpacked into a file in the system's temporary folder.
   * @throws DatasetError RONDO_DATASET_INPUT, RONDO_DATASET_ABORTED (by the signal, while unpacking)
   */
  static async open(inputs: readonly string[], signal?: AbortSignal): Promise<MidiSources> {
    const scratch = new Scratch();
    try {
      return new MidiSources(await findMidiFiles(inputs, { scratch: scratch.make, wanted: isMidi, signal }), scratch);
    } catch (error) {
      scratch.remove();
      throw error;
    }
  }

  /**
   * The bytes of a file inside an archive; undefined for a file that stands by itself, which its path is enough to read.
   * @throws Error with the reason: damaged, encrypted, larger than a MIDI file may be.
   */
  readMember({ location, member }: SourceFile): Uint8Array | undefined {
    return member === undefined ? undefined : readMember(location, member, DEFAULT_LIMITS.maxBytes);
  }

  /** Removes what was unpacked; members of tar archives cannot be read any more. */
  close(): void {
    this.scratch.remove();
  }
}
