import { corpusReportHtml } from '@rondo/render/node';
import { CorpusStatistics, noteTable } from '@rondo/tokenizer';
import { noteTableParquet } from '@rondo/tokenizer/node';
import { writeFile } from '../files/whole-file.js';
import type { ReadScore } from '../models/read-scores.js';

/** What is written about all pieces together. */
export interface CorpusOutputs {
  /** Page with distributions, instruments, a table and piano rolls. */
  html?: string;
  /** Piano rolls on the page. */
  rolls: number;
  /** Note table of all pieces. */
  parquet?: string;
}

/** Writes what was asked for; returns the files. */
export async function writeCorpusOutputs(scores: readonly ReadScore[], outputs: CorpusOutputs): Promise<string[]> {
  const { html, rolls, parquet } = outputs;
  if (html !== undefined) writeFile(html, corpusPage(scores, rolls));
  if (parquet !== undefined) {
    const tables = scores.map(({ file, score }) => ({ file, rows: noteTable(score) }));
    writeFile(parquet, await noteTableParquet(tables));
  }
  return [html, parquet].filter((file) => file !== undefined);
}

/** The pieces that are drawn are spread evenly over the corpus. */
function corpusPage(scores: readonly ReadScore[], rolls: number): string {
  const corpus = new CorpusStatistics();
  for (const { file, score } of scores) corpus.add(file, score);
  const count = Math.min(rolls, scores.length);
  const drawn = Array.from({ length: count }, (_, i) => scores[Math.floor((i * scores.length) / count)]);
  return corpusReportHtml(corpus.summary(), { rolls: drawn });
}
