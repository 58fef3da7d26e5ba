import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ConditionKind } from '../conditions/condition.js';
import type { Scheme } from '../schemes/scheme.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { Vocabulary } from '../tokenizer/vocabulary.js';
import type { ConditionDropout } from './condition-dropout.js';
import { IdWriter } from './id-file.js';
import { idsFile, piecesFile } from './manifest.js';
import type { SourceFile } from './find-files.js';
import type { Spool } from './spool.js';
import { SPLIT_NAMES, type PieceEntry, type SplitName, type SplitSummary } from './types.js';

/**
 * The vocabulary of the training split alone; a scheme without UNK takes every split, as the tutorial does,
 * for it could not say anything else.
 */
export function buildTokenizer(
  spool: Spool,
  tokens: readonly string[],
  scheme: Scheme,
  conditions: readonly ConditionKind[],
): Tokenizer {
  const used = new Uint8Array(tokens.length);
  for (const piece of spool.pieces) {
    if (scheme.specials && piece.split !== 'train') continue;
    for (const id of spool.read(piece)) used[id] = 1;
  }
  const seen = tokens.filter((_, id) => used[id] === 1);
  return new Tokenizer(scheme, Vocabulary.build(seen, { specials: scheme.specials }), conditions);
}

interface Renumbering {
  readonly ids: Int32Array;
  readonly tokenizer: Tokenizer;
  /** Provisional id of the token that ends a frame, -1 if there is none. */
  readonly frameEnd: number;
  readonly dropout: ConditionDropout;
  readonly files: readonly SourceFile[];
}

/** Writes ids and piece lists of the three splits into `dir`, with final ids. */
export function writeSplits(
  dir: string,
  spool: Spool,
  tokens: readonly string[],
  tokenizer: Tokenizer,
  dropout: ConditionDropout,
  files: readonly SourceFile[],
  onIds: (written: number) => void,
): Record<SplitName, SplitSummary> {
  const { scheme } = tokenizer;
  const renumbering = {
    ids: Int32Array.from(tokens, (token) => tokenizer.vocabulary.id(token) ?? tokenizer.unk ?? -1),
    tokenizer,
    dropout,
    files,
    frameEnd: scheme.frameEnd === undefined ? -1 : tokens.indexOf(scheme.frameEnd),
  };
  const summaries = {} as Record<SplitName, SplitSummary>;
  for (const name of SPLIT_NAMES) {
    const summary = writeSplit(dir, name, spool, renumbering, onIds);
    const { frames, ...rest } = summary;
    summaries[name] = scheme.frameEnd === undefined ? rest : { ...rest, frames };
  }
  return summaries;
}

function writeSplit(
  dir: string,
  name: SplitName,
  spool: Spool,
  renumbering: Renumbering,
  onIds: (written: number) => void,
): SplitSummary {
  const ids = new IdWriter(join(dir, idsFile(name)), idBytesOf(renumbering.tokenizer));
  const lines = new LineWriter(join(dir, piecesFile(name)));
  let [pieces, unknown, frames] = [0, 0, 0];
  try {
    for (const piece of spool.pieces.of(name)) {
      const whole = spool.read(piece);
      const provisional = name === 'train' ? renumbering.dropout.apply(whole, piece.prefix) : whole;
      const final = renumber(provisional, renumbering);
      unknown += renumbering.tokenizer.countUnknown(final);
      for (const id of provisional) if (id === renumbering.frameEnd) frames += 1;
      const { source, transpose, stretch } = piece;
      const file = renumbering.files[source].label;
      pieces += 1;
      const entry: PieceEntry = { file, offset: ids.length, length: final.length, transpose, stretch };
      lines.write(JSON.stringify(entry));
      ids.write(final);
      onIds(final.length);
    }
    lines.finish();
    return { tokens: ids.length, pieces, unknown, frames, sha256: ids.finish() };
  } catch (error) {
    ids.abandon();
    lines.abandon();
    throw error;
  }
}

function renumber(provisional: Uint32Array, { ids, tokenizer }: Renumbering): Int32Array {
  const { bos, eos } = tokenizer;
  const margin = bos === undefined || eos === undefined ? 0 : 1;
  const final = new Int32Array(provisional.length + 2 * margin);
  for (let i = 0; i < provisional.length; i += 1) final[i + margin] = ids[provisional[i]];
  if (bos !== undefined && eos !== undefined) [final[0], final[final.length - 1]] = [bos, eos];
  return final;
}

export function idBytesOf(tokenizer: Tokenizer): 2 | 4 {
  return tokenizer.vocabulary.size <= 0x10000 ? 2 : 4;
}

/** Lines of text to a file, in blocks. */
class LineWriter {
  private readonly fd: number;
  private lines: string[] = [];

  constructor(path: string) {
    this.fd = openSync(path, 'w');
  }

  write(line: string): void {
    this.lines.push(line);
    if (this.lines.length >= 4096) this.flush();
  }

  finish(): void {
    this.flush();
    fsyncSync(this.fd);
    closeSync(this.fd);
  }

  abandon(): void {
    closeSync(this.fd);
  }

  private flush(): void {
    if (this.lines.length > 0) writeFully(this.fd, Buffer.from(`${this.lines.join('\n')}\n`));
    this.lines = [];
  }
}

function writeFully(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
