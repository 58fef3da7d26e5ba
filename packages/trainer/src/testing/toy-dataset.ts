import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SchemeName, Score } from '@rondo/tokenizer';
import { writeMidi } from '@rondo/tokenizer';
import { prepareDataset } from '@rondo/tokenizer/node';

export interface ToyOptions {
  scheme?: { name: SchemeName; [option: string]: unknown };
  /** Notes of each training piece. */
  train?: readonly number[];
  /** Notes of each held-out piece; [] = none. */
  valid?: readonly number[];
}

/** A temporary folder, deleted by the returned function. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'rondo-trainer-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Prepares a dataset of melodies that walk up or down a scale with the same pedal note after every step. Knowing one
 * token before says nothing about the next melody note; knowing three says nearly all.
 */
export async function toyDataset(folder: string, name: string, options: ToyOptions = {}): Promise<string> {
  const {
    scheme = { name: 'grid', grid: '1/8' },
    train = [60, 52, 44, 70, 64, 48, 56, 40],
    valid = [50, 62],
  } = options;
  const input = join(folder, `${name}-train`);
  const held = join(folder, `${name}-valid`);
  writePieces(input, train, 0);
  if (valid.length > 0) writePieces(held, valid, 3);
  const out = join(folder, name);
  await prepareDataset({
    inputs: [input],
    out,
    scheme,
    ...(valid.length > 0 ? { valid: held } : {}),
    split: [100, 0, 0],
    workers: 0,
  });
  return out;
}

const SCALE = [60, 62, 64, 65, 67, 69, 71, 72];
const PEDAL = 48;

function writePieces(folder: string, lengths: readonly number[], shift: number): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, length] of lengths.entries()) {
    const start = index + shift;
    const direction = index % 2 === 0 ? 1 : SCALE.length - 1;
    const pitches = Array.from({ length }, (_, place) =>
      place % 2 === 1 ? PEDAL : (SCALE[(start + (place >> 1) * direction) % SCALE.length] as number),
    );
    writeFileSync(join(folder, `${index}.mid`), writeMidi(melody(pitches)));
  }
}

/** A score of eighth notes, one after another. */
export function melody(pitches: readonly number[]): Score {
  const step = 240;
  const notes = pitches.map((pitch, place) => ({ tick: place * step, duration: step, pitch, velocity: 80 }));
  return {
    ticksPerQuarter: 480,
    tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    tracks: [{ name: 'melody', program: 0, isDrum: false, notes, pedals: [] }],
    endTick: pitches.length * step,
  };
}
