import type { Score } from '../score/score.js';
import { TempoMap } from '../score/tempo-map.js';
import { trackInstrument } from './instrument-names.js';

/** One note as a person reads it. Times in seconds from the start of the piece. */
export interface NoteRow {
  /** MIDI key, 0..127. */
  pitch: number;
  /** Note name with sharps and octave; 60 is `C4`. */
  name: string;
  start: number;
  end: number;
  /** Time since the start of the row before; 0 in the first row. */
  step: number;
  duration: number;
  /** 1..127. */
  velocity: number;
  /** General MIDI name, or `drums`. */
  instrument: string;
}

const NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/** All notes of a score in the order of their starts (then pitches), in seconds through its tempo changes. */
export function noteTable(score: Score): NoteRow[] {
  const tempo = TempoMap.of(score);
  const notes = score.tracks.flatMap((track) => {
    const instrument = trackInstrument(track);
    return track.notes.map((note) => ({ ...note, instrument }));
  });
  notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch);
  let before: number | undefined;
  return notes.map(({ tick, duration, pitch, velocity, instrument }) => {
    const start = tempo.seconds(tick);
    const end = tempo.seconds(tick + duration);
    const step = start - (before ?? start);
    before = start;
    return { pitch, name: noteName(pitch), start, end, step, duration: end - start, velocity, instrument };
  });
}

/** Name of a MIDI key with sharps, as in `C#4`; 60 is `C4`. */
export function noteName(pitch: number): string {
  return `${NAMES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}
