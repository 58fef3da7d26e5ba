import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { parseConditionToken, type ConditionKind } from '../conditions/condition.js';
import type { Scheme } from '../schemes/scheme.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { Vocabulary } from '../tokenizer/vocabulary.js';
import type { ConditionDropout } from './condition-dropout.js';
import { refuseAborted } from './dataset-error.js';
import type { SourceFile } from './find-files.js';
import { IdWriter } from './id-file.js';
import { LineWriter } from './line-writer.js';
import { idsFile, piecesFile } from './manifest.js';
import type { SpooledPiece } from './piece-table.js';
import type { Spool } from './spool.js';
import { SPLIT_NAMES, type PieceEntry, type SplitName, type SplitSummary } from './types.js';

const PIECES_PER_BREATH = 256;

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

/** The final id of each provisional one, -1 for what the vocabulary lacks where there is no UNK. */
export function finalIds(tokens: readonly string[], { vocabulary, unk }: Tokenizer): Int32Array {
  return Int32Array.from(tokens, (token) => vocabulary.id(token) ?? unk ?? -1);
}

/** What the splits are written from. */
export interface WritePlan {
  readonly spool: Spool;
  readonly tokenizer: Tokenizer;
  /** Provisional id → final id, before merges. */
  readonly ids: Int32Array;
  readonly dropout: ConditionDropout;
  readonly files: readonly SourceFile[];
  readonly signal?: AbortSignal;
  /** Told how many more ids of the spool are done. */
  onIds(done: number): void;
}

/** Writes ids and piece lists of the three splits into `dir`. @throws DatasetError RONDO_DATASET_ABORTED */
export async function writeSplits(dir: string, plan: WritePlan): Promise<Record<SplitName, SplitSummary>> {
  const summaries = {} as Record<SplitName, SplitSummary>;
  for (const name of SPLIT_NAMES) summaries[name] = await writeSplit(dir, name, plan);
  return summaries;
}

async function writeSplit(dir: string, name: SplitName, plan: WritePlan): Promise<SplitSummary> {
  const { spool, tokenizer, files } = plan;
  const ids = new IdWriter(join(dir, idsFile(name)), idBytesOf(tokenizer));
  const lines = new LineWriter(join(dir, piecesFile(name)));
  const counts = new SplitCounts(tokenizer);
  try {
    for (const piece of spool.pieces.of(name)) {
      const plain = plainIds(piece, plan);
      const final = tokenizer.merge(plain);
      lines.write(JSON.stringify(entryOf(piece, files[piece.source].label, ids.length, final.length)));
      ids.write(final);
      counts.add(plain, final);
      plan.onIds(piece.length);
      if (counts.pieces % PIECES_PER_BREATH > 0) continue;
      await breathe();
      refuseAborted(plan.signal);
    }
    lines.finish();
    return { tokens: ids.length, ...counts.summary(), sha256: ids.finish() };
  } catch (error) {
    ids.abandon();
    lines.abandon();
    throw error;
  }
}

/** The line of a piece in its split's list. */
function entryOf(
  { transpose, stretch, velocityShift, alone }: SpooledPiece,
  file: string,
  offset: number,
  length: number,
): PieceEntry {
  const shift = velocityShift === 0 ? {} : { velocityShift };
  return { file, offset, length, transpose, stretch, ...shift, ...(alone === undefined ? {} : { alone }) };
}

/** The final ids of a piece before merges, between BOS and EOS where there are such. */
function plainIds(piece: SpooledPiece, { spool, tokenizer, ids, dropout }: WritePlan): Int32Array {
  const whole = spool.read(piece);
  const first = piece.prefix === 0 ? undefined : parseConditionToken(tokenizer.vocabulary.token(ids[whole[0]]));
  // The name of a part that plays alone is never left out: pieces without one are those in which all play.
  const kept = first?.kind === 'alone' ? 1 : 0;
  const provisional = piece.split === 'train' ? dropout.apply(whole, piece.prefix, kept) : whole;
  const { bos, eos } = tokenizer;
  const margin = bos === undefined || eos === undefined ? 0 : 1;
  const final = new Int32Array(provisional.length + 2 * margin);
  for (let i = 0; i < provisional.length; i += 1) final[i + margin] = ids[provisional[i]];
  if (bos !== undefined && eos !== undefined) [final[0], final[final.length - 1]] = [bos, eos];
  return final;
}

/** What a split holds, counted on the way. */
class SplitCounts {
  pieces = 0;
  private unknown = 0;
  private frames = 0;
  private notes = 0;
  private plain = 0;
  private readonly frameEnd: number | undefined;

  constructor(private readonly tokenizer: Tokenizer) {
    const { scheme, vocabulary } = tokenizer;
    this.frameEnd = scheme.frameEnd === undefined ? undefined : vocabulary.id(scheme.frameEnd);
  }

  add(plain: Int32Array, final: Int32Array): void {
    this.pieces += 1;
    this.plain += plain.length;
    this.unknown += this.tokenizer.countUnknown(final);
    this.notes += this.tokenizer.countNotes(final) ?? 0;
    if (this.frameEnd === undefined) return;
    for (let i = 0; i < plain.length; i += 1) if (plain[i] === this.frameEnd) this.frames += 1;
  }

  summary(): Pick<SplitSummary, 'pieces' | 'unknown' | 'frames' | 'notes' | 'plainTokens'> {
    const { scheme, merges } = this.tokenizer;
    return {
      pieces: this.pieces,
      unknown: this.unknown,
      ...(scheme.frameEnd === undefined ? {} : { frames: this.frames }),
      ...(scheme.startsNote === undefined ? {} : { notes: this.notes }),
      ...(merges.length === 0 ? {} : { plainTokens: this.plain }),
    };
  }
}

export function idBytesOf(tokenizer: Tokenizer): 2 | 4 {
  return tokenizer.vocabulary.size <= 0x10000 ? 2 : 4;
}
