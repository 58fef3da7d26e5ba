import fs from 'node:fs';
import path from 'node:path';
import { metricsAlong, type Obeyed, type Rank, type Stretch, type Variation } from '@rondo/generator';
import { alongSvg } from './along-picture.js';
import { pianoRollSvg, renderWav, svgToPng } from '@rondo/render/node';
import { musicMetrics, writeMidi, type MusicMetrics } from '@rondo/tokenizer';
import { formatDuration, formatTable } from '../terminal/format.js';
import type { Output } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import { makeFolder } from '@rondo/tokenizer/node';
import { readFile, writeFile } from '../files/whole-file.js';
import { UsageError } from '../terminal/exit-codes.js';

/** Which files are written for each piece. */
export interface PieceFiles {
  /** Path without extension. */
  base: string;
  wav: boolean;
  png: boolean;
  svg: boolean;
  soundFont?: Uint8Array;
}

/** Looks at what was asked for before any music is made. @throws UsageError, or that the SoundFont cannot be read */
export function pieceFiles(options: {
  out: string;
  wav: boolean;
  png: boolean;
  svg: boolean;
  soundFont?: string;
}): PieceFiles {
  const { out, wav, png, svg, soundFont } = options;
  if (/^\.*$/.test(path.basename(out)) || /[\\/]$/.test(out) || isFolder(out))
    throw new UsageError(`--out names a MIDI file such as ${path.join(out, 'new.mid')}, not a folder`);
  const foreign = /\.(wav|mp3|png|svg|json|txt)$/i.exec(out)?.[0];
  if (foreign !== undefined) throw new UsageError(`--out names a MIDI file such as new.mid, not a ${foreign} file`);
  return {
    base: out.replace(/\.midi?$/i, ''),
    wav: wav || soundFont !== undefined,
    png,
    svg,
    soundFont: soundFont === undefined ? undefined : readFile(soundFont),
  };
}

function isFolder(name: string): boolean {
  return fs.statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** One piece in the document of `rondo generate --json`. */
export interface WrittenPiece {
  path: string;
  wav?: string;
  png?: string;
  svg?: string;
  /** The picture of `metricsAlong`. */
  alongPng?: string;
  notes: number;
  seconds: number;
  tokens: number;
  ended: 'eos' | 'length';
  loop: boolean;
  escapes: number;
  /** Tokens of the longest stretch that stands in the training data; absent when these were not given. */
  longestCopy?: number;
  /** Log probability of what was generated, in nats a token. */
  logLikelihood: number;
  /** Whether the written music obeys what was asked for; absent where nothing was. */
  obeyed?: Obeyed[];
  /** Why it was kept, with --best-of. */
  rank?: Rank;
  /** Metrics along a piece of more than sixteen bars. */
  along?: Stretch[];
  metrics: MusicMetrics;
}

/** Writes all variations; several are numbered before the extension. */
export async function writePieces(
  variations: readonly Variation[],
  files: PieceFiles,
  output: Output,
): Promise<WrittenPiece[]> {
  const { base } = files;
  makeFolder(path.dirname(base));
  const progress = startProgress(output, 'writing', 'pieces');
  const pieces: WrittenPiece[] = [];
  try {
    for (const [index, variation] of variations.entries()) {
      progress.update(index, variations.length);
      const name = variations.length === 1 ? base : `${base}-${index + 1}`;
      const piece = await writePiece(variation, name, files);
      if (piece.notes === 0) output.warning(`${piece.path} has no notes; allow more tokens with --length or --bars`);
      pieces.push(piece);
    }
  } finally {
    progress.stop();
  }
  return pieces;
}

async function writePiece(variation: Variation, base: string, files: PieceFiles): Promise<WrittenPiece> {
  const { score, notes, seconds, ended, loop, escapes, ids, primeLength, longestCopy, obeyed } = variation;
  const written: Pick<WrittenPiece, 'path' | 'wav' | 'png' | 'svg' | 'alongPng'> = { path: `${base}.mid` };
  writeFile(written.path, writeMidi(score));
  if (files.svg || files.png) {
    const svg = pianoRollSvg(score, { title: path.basename(base) });
    if (files.svg) writeFile((written.svg = `${base}.svg`), svg);
    if (files.png) writeFile((written.png = `${base}.png`), svgToPng(svg));
  }
  const along = metricsAlong(score);
  if (files.png && along.length >= 3) writeFile((written.alongPng = `${base}-along.png`), svgToPng(alongSvg(along)));
  if (files.wav) writeFile((written.wav = `${base}.wav`), await renderWav(score, { soundFont: files.soundFont }));
  return {
    ...written,
    notes,
    seconds,
    tokens: ids.length - primeLength,
    ended,
    loop,
    escapes,
    longestCopy: longestCopy?.length,
    logLikelihood: variation.logLikelihood / Math.max(1, variation.generated),
    ...(obeyed.length === 0 ? {} : { obeyed }),
    ...(variation.rank === undefined ? {} : { rank: variation.rank }),
    ...(along.length < 3 ? {} : { along }),
    metrics: musicMetrics(score),
  };
}

/** A table of the written pieces. */
export function describePieces(pieces: readonly WrittenPiece[]): string {
  const steered = pieces.some(({ obeyed }) => obeyed !== undefined);
  const rows = pieces.map((piece) => [
    piece.path,
    String(piece.notes),
    formatDuration(piece.seconds),
    piece.metrics.key ?? '–',
    piece.ended === 'eos' ? 'by itself' : 'at the length',
    piece.loop ? 'yes' : 'no',
    ...(piece.longestCopy === undefined ? [] : [`${piece.longestCopy} tokens`]),
    ...(steered ? [describeObeyed(piece.obeyed ?? [])] : []),
  ]);
  const copy = pieces.some((piece) => piece.longestCopy !== undefined) ? ['longest copy'] : [];
  return formatTable(
    ['file', 'notes', 'length', 'key', 'ended', 'loop', ...copy, ...(steered ? ['obeys'] : [])],
    rows,
    [1, 2],
  );
}

/** `key, chords` of a piece that obeys both; what it does not obey with what was found. */
function describeObeyed(obeyed: readonly Obeyed[]): string {
  return obeyed.map((one) => (one.obeyed ? one.wish : `not ${one.wish} (${one.measured})`)).join(', ');
}
