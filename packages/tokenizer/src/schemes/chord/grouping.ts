import type { TimedEvent } from '../../midi/events.js';

/** A note of one MIDI track, in ticks of that file. */
export interface PlayedNote {
  on: number;
  off: number;
  pitch: number;
}

/** Notes that begin and end together: one token. Times in twelfths of a quarter. */
export interface Onset {
  start: number;
  duration: number;
  pitches: number[];
}

/** Grid of quantised times: both a quarter of a quarter (3) and a third of one (4) are whole. */
const UNITS_PER_QUARTER = 12;

/** No music has more notes at once in one track; damaged files may, and must not take for ever. */
export const MAX_SIMULTANEOUS = 512;

/**
 * Pairs note-ons with their ends as music21 5.7 does: a note lasts until the next event of its pitch and
 * channel, of whatever kind. A key struck again while it sounds therefore ends the note and starts none.
 * A note without an end is left out.
 */
export function pairAsTutorial(events: readonly TimedEvent[]): PlayedNote[] {
  const notes: PlayedNote[] = [];
  const open = new Map<number, PlayedNote>();
  for (const { tick, event } of events) {
    if (event.type !== 'noteOn' && event.type !== 'noteOff') continue;
    const key = event.channel * 128 + event.noteNumber;
    const sounding = open.get(key);
    if (sounding) {
      sounding.off = tick;
      open.delete(key);
    } else if (event.type === 'noteOn') {
      const note = { on: tick, off: NaN, pitch: event.noteNumber };
      notes.push(note);
      open.set(key, note);
    }
  }
  return notes.filter((note) => !Number.isNaN(note.off));
}

/**
 * Gathers notes whose starts and whose ends both lie within 1/16 of a quarter of the first one's, then
 * rounds start and duration to the nearer of the 1/4 and 1/3 quarter grids.
 *
 * @returns onsets in order of their first note, and whether some notes began together but did not end so
 */
export function groupNotes(notes: readonly PlayedNote[], ticksPerQuarter: number) {
  const tolerance = ticksPerQuarter / 16;
  const taken = new Uint8Array(notes.length);
  const onsets: Onset[] = [];
  let overlapping = false;
  notes.forEach((first, i) => {
    if (taken[i]) return;
    const pitches = [first.pitch];
    let off = first.off;
    const last = Math.min(notes.length, i + MAX_SIMULTANEOUS);
    for (let j = i + 1; j < last && notes[j].on - first.on <= tolerance; j++) {
      const other = notes[j];
      if (Math.abs(other.off - first.off) > tolerance) {
        overlapping = true;
      } else {
        // Not asked: whether an earlier chord has taken it. music21 lets it sound in both.
        taken[j] = 1;
        pitches.push(other.pitch);
      }
    }
    if (off === first.on) off = first.on + ticksPerQuarter;
    onsets.push({
      start: quantiseTime(first.on / ticksPerQuarter),
      duration: quantiseTime((off - first.on) / ticksPerQuarter),
      pitches,
    });
  });
  return { onsets, overlapping };
}

/** Nearest multiple of 1/4 or 1/3 quarter, in twelfths; of two equally near ones the lower. */
export function quantiseTime(quarters: number): number {
  const [a, b] = [nearest(quarters, 4), nearest(quarters, 3)];
  const winner = a.error < b.error || (a.error === b.error && a.units <= b.units) ? a : b;
  return winner.units;
}

/** Errors are compared to seven digits, so that float noise cannot decide a tie. */
function nearest(quarters: number, divisor: number) {
  const unit = 1 / divisor;
  const low = Math.floor(quarters / unit);
  const multiple = quarters <= unit * low + unit / 2 ? low : low + 1;
  const error = Math.round(Math.abs(quarters - unit * multiple) * 1e7);
  return { units: multiple * (UNITS_PER_QUARTER / divisor), error };
}
