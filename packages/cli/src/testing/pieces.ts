import fs from 'node:fs';
import path from 'node:path';
import { writeMidi, type Note, type Score } from '@rondo/tokenizer';

const quarter = 480;
/** I, vi, IV, V as steps of the scale below the melody. */
const roots = [0, 5, 3, 4];
const majorScale = [0, 2, 4, 5, 7, 9, 11];

function scalePitch(tonic: number, step: number): number {
  return tonic + 12 * Math.floor(step / 7) + majorScale[((step % 7) + 7) % 7];
}

/** A tune of `bars` bars over a bass; the number chooses key and contour, so that no two are alike. */
export function makePiece(number: number, bars = 8): Score {
  const tonic = 60 + ((number * 5) % 12) - 6;
  const notes: Note[] = [];
  for (let bar = 0; bar < bars; bar += 1) {
    const start = bar * 4 * quarter;
    const root = roots[bar % roots.length];
    notes.push({ tick: start, duration: 4 * quarter, pitch: scalePitch(tonic, root) - 12, velocity: 70 });
    for (let beat = 0; beat < 4; beat += 1) {
      const step = root + [0, 2, 4, (number + bar) % 7][beat];
      notes.push({
        tick: start + beat * quarter,
        duration: quarter,
        pitch: scalePitch(tonic, step) + 12,
        velocity: 90,
      });
    }
  }
  return {
    ticksPerQuarter: quarter,
    tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    tracks: [{ name: 'Piano', program: 0, isDrum: false, notes, pedals: [] }],
    endTick: bars * 4 * quarter,
  };
}

/** Writes `count` pieces into a folder and returns their paths. */
export function writePieceFiles(folder: string, count: number, bars = 8): string[] {
  fs.mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, number) => {
    const file = path.join(folder, `piece-${number}.mid`);
    fs.writeFileSync(file, writeMidi(makePiece(number, bars)));
    return file;
  });
}
