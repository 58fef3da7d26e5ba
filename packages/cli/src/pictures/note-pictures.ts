import path from 'node:path';
import {
  durationHistogramSvg,
  pianoRollSvg,
  pitchHistogramSvg,
  RenderError,
  stepHistogramSvg,
  velocityHistogramSvg,
} from '@rondo/render/node';
import type { NoteRow, Score } from '@rondo/tokenizer';
import { writePicture } from './write-picture.js';

/**
 * The piano roll and the histograms of one piece as SVG and PNG, named `<name>-….`; returns the files. A picture that
 * cannot be drawn is left out with a note; a file that cannot be written is an error.
 */
export function writeNotePictures(
  folder: string,
  name: string,
  score: Score,
  rows: readonly NoteRow[],
  note: (line: string) => void,
): string[] {
  const pictures: [string, () => string][] = [
    ['roll', () => pianoRollSvg(score, { title: name })],
    ['pitches', () => pitchHistogramSvg(rows)],
    ['steps', () => stepHistogramSvg(rows)],
    ['durations', () => durationHistogramSvg(rows)],
    ['velocities', () => velocityHistogramSvg(rows)],
  ];
  return pictures.flatMap(([kind, draw]) => {
    const base = path.join(folder, `${name}-${kind}`);
    try {
      return writePicture(base, draw(), (error) => note(`skipped  ${base}.png: ${error.message}`));
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      note(`skipped  ${base}: ${error.message}`);
      return [];
    }
  });
}
