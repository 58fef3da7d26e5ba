import path from 'node:path';
import {
  durationHistogramSvg,
  pianoRollSvg,
  pitchHistogramSvg,
  stepHistogramSvg,
  velocityHistogramSvg,
} from '@rondo/render/node';
import type { NoteRow, Score } from '@rondo/tokenizer';
import { writePicture } from './write-picture.js';

/** The piano roll and the histograms of one piece as SVG and PNG, named `<name>-….`; returns the files. */
export function writeNotePictures(folder: string, name: string, score: Score, rows: readonly NoteRow[]): string[] {
  const pictures: [string, string][] = [
    ['roll', pianoRollSvg(score, { title: name })],
    ['pitches', pitchHistogramSvg(rows)],
    ['steps', stepHistogramSvg(rows)],
    ['durations', durationHistogramSvg(rows)],
    ['velocities', velocityHistogramSvg(rows)],
  ];
  return pictures.flatMap(([kind, svg]) => writePicture(path.join(folder, `${name}-${kind}`), svg));
}
