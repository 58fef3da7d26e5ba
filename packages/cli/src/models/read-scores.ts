import path from 'node:path';
import { readMidiWithReport, type Score } from '@rondo/tokenizer';
import { findMidiFiles } from '@rondo/tokenizer/node';
import { readFile } from '../files/whole-file.js';
import { CommandError } from '../terminal/exit-codes.js';
import { errorLine } from '../terminal/report-error.js';
import type { Output } from '../terminal/output.js';

export interface ReadScore {
  file: string;
  score: Score;
}

/**
 * All readable MIDI files among files and folders; each unreadable one is reported with its reason.
 * @throws CommandError when none can be used
 */
export async function readScores(inputs: readonly string[], output: Output): Promise<ReadScore[]> {
  const files = (await findMidiFiles(inputs)).map(({ path }) => path);
  const scores: ReadScore[] = [];
  for (const file of files) {
    try {
      scores.push({ file, score: readScore(file, output) });
    } catch (error) {
      if (files.length === 1) throw error;
      output.note(`skipped  ${file}: ${errorLine(error)}`);
    }
  }
  if (scores.length === 0) throw new CommandError(`no usable MIDI file among ${inputs.join(', ')}`);
  return scores;
}

/** One MIDI file; what had to be mended in it is noted. */
export function readScore(file: string, output: Output): Score {
  const { score, warnings } = readMidiWithReport(readFile(file));
  for (const warning of warnings) output.note(`note     ${path.basename(file)}: ${warning}`);
  return score;
}
