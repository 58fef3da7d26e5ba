import { sustainedEnd, type Score, type TempoMap, type Track } from '@rondo/tokenizer';
import type { Voice } from './voice.js';

/** All notes of a track as voices, the sustain pedal worked in, sorted by start. */
export function voicesOf(score: Score, track: Track, pan: number, tempo: TempoMap, sampleRate: number): Voice[] {
  const sample = (tick: number) => Math.round(tempo.seconds(tick) * sampleRate);
  const nextStroke = nextStrokes(track);
  return track.notes.map((note, index) => {
    const released = sustainedEnd(track.pedals, note.tick + note.duration);
    // A string that is struck again starts anew, pedal or not.
    const end = Math.max(note.tick + note.duration, Math.min(released, nextStroke[index], score.endTick));
    const start = sample(note.tick);
    return {
      start,
      held: Math.max(1, sample(end) - start),
      pitch: note.pitch,
      strength: Math.min(127, Math.max(1, note.velocity)) / 127,
      pan: Math.max(-1, Math.min(1, pan + (track.isDrum ? 0 : (note.pitch - 62) / 110))),
    };
  });
}

/** Tick of the next stroke of the same key for every note; Infinity for the last. */
function nextStrokes(track: Track): number[] {
  const next = new Array<number>(128).fill(Infinity);
  const result = new Array<number>(track.notes.length);
  for (let index = track.notes.length - 1; index >= 0; index -= 1) {
    const { pitch, tick } = track.notes[index];
    result[index] = next[pitch];
    next[pitch] = tick;
  }
  return result;
}

/** Places of the tracks between the loudspeakers: the first in the middle, the others to both sides in turn. */
export function panOf(index: number, tracks: number): number {
  if (tracks < 3) return 0;
  const side = index % 2 === 0 ? 1 : -1;
  return side * Math.min(0.55, Math.ceil(index / 2) * 0.22);
}
