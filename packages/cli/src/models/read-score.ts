import path from 'node:path';
import { readMidiWithReport, type Score } from '@rondo/tokenizer';
import { readFile } from '../files/whole-file.js';
import type { Output } from '../terminal/output.js';

/** One MIDI file; what had to be mended in it is noted. */
export function readScore(file: string, output: Output): Score {
  const { score, warnings } = readMidiWithReport(readFile(file));
  for (const warning of warnings) output.note(`note     ${path.basename(file)}: ${warning}`);
  return score;
}
