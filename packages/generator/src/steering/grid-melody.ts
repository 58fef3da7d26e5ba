import type { Score, Tokenizer } from '@rondo/tokenizer';
import { GeneratorError } from '../errors.js';
import type { GridMelody } from './grid-path.js';
import type { StepRuler } from './ruler.js';
import { SatbLaw } from './satb.js';

/** A melody in frames, before it is known what may sound below it. */
export interface FramedMelody {
  /** Frames of the piece. */
  readonly count: number;
  under(ruler: StepRuler, pitches: Int32Array): GridMelody;
}

const ADVICE = 'transpose it up, or free the key or the chords';

/** @throws GeneratorError RONDO_GENERATOR_CONSTRAINT for a melody that this vocabulary cannot spell, or nothing fits under */
export function gridMelody(melody: Score, tokenizer: Tokenizer): FramedMelody {
  const frames: ({ pitch: number; held: boolean } | undefined)[] = [undefined];
  const spelt: number[] = [];
  for (const name of tokenizer.scheme.encode(melody)) {
    const [word, pitch] = name.split('_');
    if (word === 'Frame') frames.push(undefined);
    else {
      frames[frames.length - 1] ??= { pitch: Number(pitch), held: word === 'Hold' };
      spelt[frames.length - 1] = Number(pitch); // they fall: the last one is the lowest
    }
  }
  frames.pop();
  const start = frames.findIndex((frame) => frame !== undefined);
  if (start < 0) throw cannot('the melody has no notes');
  const end = frames.findLastIndex((frame) => frame !== undefined) + 1;
  const lowest = lowestOfFrames(melody, tokenizer, frames.length);
  const line: number[] = [];
  for (let k = start; k < end; k++) {
    const pitch = frames[k]?.pitch ?? line[line.length - 1];
    line.push(Math.min(pitch, spelt[k] ?? pitch, lowest[k]));
  }
  const under = (ruler: StepRuler, pitches: Int32Array): GridMelody => {
    const first = ruler.first;
    const unseen = frames.find((frame) => frame !== undefined && pitches[frame.pitch] < 0);
    if (unseen !== undefined) throw cannot(unseenPitch(unseen.pitch, pitches));
    const satb = new SatbLaw(first + start, line, (step) =>
      ruler.pitches(step).map((allowed, pitch) => (allowed === 1 && pitches[pitch] >= 0 ? 1 : 0)),
    );
    if (satb.impossibleAt !== undefined) {
      const bar = ruler.bar(satb.impossibleAt) + 1;
      throw cannot(`in bar ${bar} of the melody there is no room for three voices below it; ${ADVICE}`);
    }
    return { satb, pitchAt: (frame) => frames[frame - first] };
  };
  return { count: frames.length, under };
}

/**
 * The lowest pitch that the melody itself has in each frame, Infinity where it rests. Its notes are written as they are, so
 * the voices of a frame must be below all of them, also those that are too short for a frame of their own.
 */
function lowestOfFrames({ tracks, ticksPerQuarter }: Score, { scheme }: Tokenizer, count: number): number[] {
  const [numerator, denominator] = String(scheme.config.grid).split('/').map(Number);
  const frame = (4 * ticksPerQuarter * numerator) / denominator;
  const lowest = new Array<number>(count).fill(Infinity);
  for (const { tick, duration, pitch } of tracks.flatMap(({ notes }) => notes)) {
    const last = Math.min(count, Math.ceil((tick + duration) / frame));
    for (let k = Math.floor(tick / frame); k < last; k++) lowest[k] = Math.min(lowest[k], pitch);
  }
  return lowest;
}

function unseenPitch(pitch: number, ids: Int32Array): string {
  const known = [...ids.keys()].filter((one) => ids[one] >= 0);
  const range = `${known[0]} to ${known[known.length - 1]}`;
  return `the melody's pitch ${pitch} was never seen by this model, which knows ${range}; transpose the melody`;
}

function cannot(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_CONSTRAINT', `These wishes cannot be met: ${message}.`);
}
