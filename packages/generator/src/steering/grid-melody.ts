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

/** @throws GeneratorError RONDO_GENERATOR_CONSTRAINT for a melody that this vocabulary cannot spell, or nothing fits under */
export function gridMelody(melody: Score, tokenizer: Tokenizer): FramedMelody {
  const frames: ({ pitch: number; held: boolean } | undefined)[] = [undefined];
  for (const name of tokenizer.scheme.encode(melody)) {
    const [word, pitch] = name.split('_');
    if (word === 'Frame') frames.push(undefined);
    else frames[frames.length - 1] ??= { pitch: Number(pitch), held: word === 'Hold' };
  }
  frames.pop();
  const start = frames.findIndex((frame) => frame !== undefined);
  if (start < 0) throw cannot('the melody has no notes');
  const end = frames.findLastIndex((frame) => frame !== undefined) + 1;
  const line: number[] = [];
  for (let k = start; k < end; k++) line.push(frames[k]?.pitch ?? line[line.length - 1]);
  const under = (ruler: StepRuler, pitches: Int32Array): GridMelody => {
    const first = ruler.first;
    const unseen = frames.find((frame) => frame !== undefined && pitches[frame.pitch] < 0);
    if (unseen !== undefined) throw cannot(`the melody's pitch ${unseen.pitch} was never seen by this model`);
    const satb = new SatbLaw(first + start, line, (step) =>
      ruler.pitches(step).map((allowed, pitch) => (allowed === 1 && pitches[pitch] >= 0 ? 1 : 0)),
    );
    if (satb.impossibleAt !== undefined) {
      const bar = ruler.bar(satb.impossibleAt) + 1;
      throw cannot(`in bar ${bar} of the melody there is no room for three voices below it`);
    }
    return { satb, pitchAt: (frame) => frames[frame - first] };
  };
  return { count: frames.length, under };
}

function cannot(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_CONSTRAINT', `These wishes cannot be met: ${message}.`);
}
