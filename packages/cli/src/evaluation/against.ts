import fs from 'node:fs';
import path from 'node:path';
import type { Tokenizer } from '@rondo/tokenizer';
import { openDataset, type SplitName } from '@rondo/tokenizer/node';
import { ScoreFiles } from '../models/score-files.js';
import type { Output } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import { compareGenerated, splitScores, type Comparison, type ComparisonPictures } from './compare-generated.js';

/** Which of the named places are datasets. */
export function datasetsAmong(data: readonly string[]): string[] {
  return data.filter((name) => fs.existsSync(path.join(name, 'dataset.json')));
}

export interface RealMusic {
  readonly tokenizer: Tokenizer;
  /** One dataset, or MIDI files and folders. */
  readonly data: readonly string[];
  /** Split of the dataset that is the held-out one. */
  readonly split?: SplitName;
}

/** Compares generated files with the pieces of a dataset, or with MIDI files. @throws CommandError, InterruptedError */
export async function compareAgainst(
  generated: string,
  { tokenizer, data, split = 'test' }: RealMusic,
  output: Output,
  signal: AbortSignal,
): Promise<{ comparison: Comparison; pictures: ComparisonPictures }> {
  const progress = startProgress(output, 'comparing', 'pieces');
  const onPiece = (done: number, total: number) => progress.update(done, total);
  const opened: ScoreFiles[] = [];
  const files = async (inputs: readonly string[]) => {
    const scores = await ScoreFiles.find(inputs, { output, signal, onFile: onPiece });
    opened.push(scores);
    return scores;
  };
  try {
    const [folder] = datasetsAmong(data);
    if (folder === undefined) {
      return await compareGenerated({ tokenizer, generated: await files([generated]), heldOut: await files(data) });
    }
    const dataset = await openDataset(folder);
    try {
      return await compareGenerated({
        tokenizer,
        generated: await files([generated]),
        training: splitScores(tokenizer, dataset.split('train'), signal, onPiece),
        heldOut: splitScores(tokenizer, dataset.split(split), signal, onPiece),
      });
    } finally {
      await dataset.close();
    }
  } finally {
    progress.stop();
    for (const scores of opened) scores.close();
  }
}
