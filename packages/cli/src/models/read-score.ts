import path from 'node:path';
import { MidiError, readMidiWithReport, type Score } from '@rondo/tokenizer';
import { readFile } from '../files/whole-file.js';
import { CommandError } from '../terminal/exit-codes.js';
import type { Output } from '../terminal/output.js';

/** One MIDI file; what had to be mended in it is noted. A failure names the file. */
export function readScore(file: string, output: Output): Score {
  try {
    return readOneOfMany(file, output);
  } catch (error) {
    if (!(error instanceof MidiError)) throw error; // those of the system name it
    throw new CommandError(`${file}: ${error.message}`, { cause: error });
  }
}

/** The same for callers who name the file themselves; `bytes` where it does not stand on the disk. @throws MidiError */
export function readOneOfMany(file: string, output: Output, bytes: Uint8Array = readFile(file)): Score {
  const { score, warnings } = readMidiWithReport(bytes);
  for (const warning of warnings) output.note(`note     ${path.basename(file)}: ${warning}`);
  return score;
}
