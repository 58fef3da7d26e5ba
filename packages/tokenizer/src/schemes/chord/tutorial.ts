import type { EventTrack } from '../../midi/events.js';
import { groupNotes, pairAsTutorial, quantiseTime, type Onset } from './grouping.js';
import { instrumentKey } from './instruments.js';
import { spreadOverVoices } from './voices.js';

/** An instrument that a MIDI track names by a program change. Times in twelfths of a quarter. */
interface InstrumentMark {
  start: number;
  name: number;
}

/** A MIDI track with notes. */
interface Part {
  onsets: Onset[];
  instruments: InstrumentMark[];
  /** Times at which something without length stands: tempo, meter, key. */
  marks: Set<number>;
  /** End of the last note. */
  end: number;
}

/**
 * The onsets that the tutorial's `get_notes()` sees, in its order.
 *
 * It takes the first instrument only: everything played while a track's latest program change names it.
 * What is played before a program change, and tracks without one, are left out; a file with no program
 * change at all is taken whole.
 */
export function tutorialOnsets(tracks: readonly EventTrack[], ticksPerQuarter: number): Onset[] {
  const parts = tracks
    .filter((track) => track.events.some(({ event }) => event.type === 'noteOn'))
    .map((track) => readPart(track, ticksPerQuarter));
  shareConductor(tracks, parts, ticksPerQuarter);
  const chosen = firstInstrument(parts) ?? parts.flatMap((part) => part.onsets);
  return inTimeOrder(chosen);
}

function readPart(track: EventTrack, ticksPerQuarter: number): Part {
  const { onsets, overlapping } = groupNotes(pairAsTutorial(track.events), ticksPerQuarter);
  const instruments: InstrumentMark[] = [];
  const marks = new Set<number>();
  for (const { tick, event } of track.events) {
    const start = () => quantiseTime(tick / ticksPerQuarter);
    if (event.type === 'programChange') {
      instruments.push({ start: start(), name: instrumentKey(event.programNumber) });
    } else if (isConductor(event.type)) marks.add(start());
  }
  const ordered = inTimeOrder(overlapping ? spreadOverVoices(onsets) : onsets);
  let end = instruments.at(-1)?.start ?? 0;
  for (const { start, duration } of ordered) end = Math.max(end, start + duration);
  return { onsets: ordered, instruments, marks, end };
}

function isConductor(type: string): boolean {
  return type === 'setTempo' || type === 'timeSignature' || type === 'keySignature';
}

/** Tracks without notes give their meters and keys to every part, their tempos to the first one. */
function shareConductor(tracks: readonly EventTrack[], parts: readonly Part[], ticksPerQuarter: number): void {
  for (const track of tracks) {
    if (track.events.some(({ event }) => event.type === 'noteOn')) continue;
    for (const { tick, event } of track.events) {
      if (!isConductor(event.type)) continue;
      const receivers = event.type === 'setTempo' ? parts.slice(0, 1) : parts;
      for (const part of receivers) part.marks.add(quantiseTime(tick / ticksPerQuarter));
    }
  }
}

/**
 * Everything played by the instrument that is named first; undefined if none is, or if one is named
 * twice at one time where something without length stands too (music21 then refuses to insert that twice,
 * and the tutorial falls back to all notes).
 */
function firstInstrument(parts: readonly Part[]): Onset[] | undefined {
  const named = inTimeOrder(parts.flatMap((part) => part.instruments));
  if (named.length === 0) return undefined;
  const name = named[0].name;
  const onsets: Onset[] = [];
  for (const part of parts) {
    let next = 0;
    for (const [i, { start, name: current }] of part.instruments.entries()) {
      const following = part.instruments[i + 1];
      const end = following?.start ?? part.end;
      if (end === start && following?.name === current && hasPoint(part, start)) return undefined;
      while (next < part.onsets.length && part.onsets[next].start < start) next++;
      for (let j = next; current === name && j < part.onsets.length && part.onsets[j].start <= end; j++) {
        const { start: time, duration } = part.onsets[j];
        if (time < end || (end === start && duration === 0)) onsets.push(part.onsets[j]);
      }
    }
  }
  return onsets;
}

function hasPoint(part: Part, time: number): boolean {
  return part.marks.has(time) || part.onsets.some((o) => o.duration === 0 && o.start === time);
}

/** Stable: what begins together keeps its order. */
function inTimeOrder<T extends { start: number }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.start - b.start);
}
