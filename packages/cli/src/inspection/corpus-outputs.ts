import { corpusReportHtml } from '@rondo/render/node';
import { CorpusStatistics, type NoteRow } from '@rondo/tokenizer';
import { NoteTableFile } from '@rondo/tokenizer/node';
import { commonFolder } from '../files/common-folder.js';
import { writeFile } from '../files/whole-file.js';
import type { ReadScore } from '../models/score-files.js';

/** What is written about all pieces together. */
export interface CorpusOutputs {
  /** Page with distributions, instruments, a table and piano rolls. */
  html?: string;
  /** Piano rolls on the page. */
  rolls: number;
  /** Note table of all pieces. */
  parquet?: string;
}

/** Takes pieces one by one, and keeps of them only what its files will show. */
export class CorpusWriter {
  private readonly statistics = new CorpusStatistics();
  private readonly drawn: ReadScore[] = [];
  private readonly table = new NoteTableFile();
  private pieces = 0;

  /** @param expected number of pieces: the drawn ones are spread evenly over so many */
  constructor(
    private readonly outputs: CorpusOutputs,
    private readonly expected: number,
  ) {}

  async add(piece: ReadScore, rows: readonly NoteRow[]): Promise<void> {
    const { html, rolls, parquet } = this.outputs;
    if (html !== undefined) {
      this.statistics.add(piece.file, piece.score, rows);
      const wanted = Math.min(rolls, this.expected);
      const next = Math.floor((this.drawn.length * this.expected) / wanted);
      if (this.drawn.length < wanted && this.pieces >= next) this.drawn.push(piece);
    }
    if (parquet !== undefined) await this.table.add(piece.file, rows);
    this.pieces += 1;
  }

  /** Writes what was asked for; returns the files. */
  async write(skipped: readonly { file: string; reason: string }[] = []): Promise<string[]> {
    const { html, parquet } = this.outputs;
    if (html !== undefined) writeFile(html, this.page(skipped));
    if (parquet !== undefined) writeFile(parquet, await this.table.finish());
    return [html, parquet].filter((file) => file !== undefined);
  }

  /** Files are named from the folder on that holds them all. */
  private page(skipped: readonly { file: string; reason: string }[]): string {
    const summary = this.statistics.summary();
    const root = commonFolder([...summary.files, ...skipped].map(({ file }) => file));
    const inside = <T extends { readonly file: string }>(items: readonly T[]): T[] =>
      items.map((item) => ({ ...item, file: item.file.slice(root.length) }));
    const files = inside(summary.files);
    return corpusReportHtml({ ...summary, files }, { rolls: inside(this.drawn), skipped: inside(skipped) });
  }
}
