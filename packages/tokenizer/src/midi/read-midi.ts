import { MidiError } from '../errors.js';
import type { Note, Score, Track } from '../score/score.js';
import { ChannelState } from './channel-state.js';
import { readConductor } from './conductor.js';
import { readContainer, type MidiContainer } from './container.js';
import { readDivision, type Grid } from './division.js';
import { decodeTrack, type EventTrack } from './events.js';
import { DEFAULT_LIMITS, type ReadMidiOptions } from './limits.js';
import { pairNotes, type ChannelNote } from './note-pairing.js';
import { rememberSource } from './source-events.js';
import { guardTrack, type GuardedTrack } from './track-guard.js';

/** A Score and what was odd about its file. */
export interface MidiReport {
  score: Score;
  /** One line each; empty for a clean file. */
  warnings: string[];
}

const DRUM_CHANNEL = 9;

/**
 * Reads a standard MIDI file (format 0, 1 or 2; `.mid`, `.kar`, `.rmi`) into a Score.
 * A percussion-only file is a valid Score; whether to use it is the caller's decision.
 *
 * @throws MidiError with the reason in one line; never anything else
 */
export function readMidi(bytes: Uint8Array, options: ReadMidiOptions = {}): Score {
  return readMidiWithReport(bytes, options).score;
}

/** As `readMidi`, with warnings for what was repaired or ignored. */
export function readMidiWithReport(bytes: Uint8Array, options: ReadMidiOptions = {}): MidiReport {
  const container = readContainer(bytes, options);
  const warnings = container.warnings;
  const grid = readDivision(container.division, options);
  const guarded = guardTracks(container, options);
  const tracks = guarded.map(decodeTrack);
  if (container.format === 2) chainPatterns(tracks);
  const score = buildScore(tracks, grid, options, warnings);
  if (container.format !== 2) rememberSource(score, guarded);
  return { score, warnings };
}

function guardTracks(container: MidiContainer, options: ReadMidiOptions): GuardedTrack[] {
  const maxNotes = options.maxNotes ?? DEFAULT_LIMITS.maxNotes;
  let notes = 0;
  return container.tracks.map((chunk, index) => {
    const guarded = guardTrack(chunk.bytes);
    const place = `track ${index + 1} of ${container.tracks.length}`;
    if (chunk.cut && !guarded.complete && options.truncated !== 'salvage') {
      throw new MidiError('RONDO_MIDI_TRUNCATED', `the file is cut in the middle of ${place}`);
    }
    if (chunk.cut) container.warnings.push(`${place}: the file is shorter than the track claims`);
    for (const warning of guarded.warnings) container.warnings.push(`${place}: ${warning}`);
    notes += guarded.noteOns;
    if (notes > maxNotes) {
      throw new MidiError('RONDO_MIDI_TOO_MANY_NOTES', `the file has more than ${maxNotes} notes`);
    }
    return guarded;
  });
}

/** The tracks of a format 2 file are patterns to be played one after the other. */
function chainPatterns(tracks: readonly EventTrack[]): void {
  let offset = 0;
  for (const track of tracks) {
    for (const event of track.events) event.tick += offset;
    track.endTick += offset;
    offset = track.endTick;
  }
}

function buildScore(tracks: readonly EventTrack[], grid: Grid, options: ReadMidiOptions, warnings: string[]): Score {
  const conductor = readConductor(tracks.flatMap((track) => track.events));
  warnings.push(...conductor.warnings);
  const state = readChannelState(tracks);
  const paired = tracks.map((track) => pairNotes(track.events, track.endTick));
  const unterminated = paired.reduce((sum, { unterminated }) => sum + unterminated, 0);
  if (unterminated > 0) {
    warnings.push(`${unterminated} notes have no note-off: they end with the next stroke of their key or their track`);
  }
  const endTick = findEnd(tracks, paired, grid, options, warnings);
  const score: Score = {
    ticksPerQuarter: grid.ticksPerQuarter,
    tempos: conductor.tempos.filter(({ tick }) => tick <= endTick),
    timeSignatures: conductor.timeSignatures.filter(({ tick }) => tick <= endTick),
    keySignatures: conductor.keySignatures.filter(({ tick }) => tick <= endTick),
    tracks: tracks.flatMap((track, index) => splitTrack(track, index, paired[index].notes, state, endTick)),
    endTick,
  };
  if (grid.fixedMicrosecondsPerQuarter !== undefined) {
    score.tempos = [{ tick: 0, microsecondsPerQuarter: grid.fixedMicrosecondsPerQuarter }];
    warnings.push('timed in SMPTE frames: seconds are exact, bars and beats are not meaningful');
  }
  return score;
}

function readChannelState(tracks: readonly EventTrack[]): ChannelState {
  const state = new ChannelState();
  tracks.forEach((track, index) => {
    const port = trackPort(track);
    for (const { tick, event } of track.events) {
      if (event.type === 'programChange') {
        state.program(port + event.channel, index, tick, event.programNumber);
      } else if (event.type === 'controller' && event.controllerType === 64) {
        state.pedal(port + event.channel, index, tick, event.value);
      }
    }
  });
  return state;
}

/** Sixteen times the MIDI port of a track: channels of different ports are different channels. */
function trackPort(track: EventTrack): number {
  for (const { event } of track.events) if (event.type === 'portPrefix') return event.port * 16;
  return 0;
}

/** @throws MidiError NO_NOTES, TOO_LONG */
function findEnd(
  tracks: readonly EventTrack[],
  paired: readonly { notes: ChannelNote[] }[],
  grid: Grid,
  options: ReadMidiOptions,
  warnings: string[],
): number {
  let lastNote = -1;
  for (const { notes } of paired) {
    for (const note of notes) lastNote = Math.max(lastNote, note.tick + note.duration);
  }
  if (lastNote < 0) throw new MidiError('RONDO_MIDI_NO_NOTES', 'the file has no notes');
  const maxQuarters = options.maxQuarters ?? DEFAULT_LIMITS.maxQuarters;
  const maxTick = maxQuarters * grid.ticksPerQuarter;
  if (lastNote > maxTick) {
    throw new MidiError(
      'RONDO_MIDI_TOO_LONG',
      `the piece lasts ${Math.ceil(lastNote / grid.ticksPerQuarter)} quarter notes, more than the limit of ${maxQuarters}`,
    );
  }
  const endTick = tracks.reduce((end, track) => Math.max(end, track.endTick), lastNote);
  if (endTick <= maxTick) return endTick;
  warnings.push('the end of the file lies absurdly late; the piece ends with its last note');
  return lastNote;
}

/** One Track for each channel and program of a MIDI track, in order of their first notes. */
function splitTrack(
  track: EventTrack,
  index: number,
  notes: readonly ChannelNote[],
  state: ChannelState,
  endTick: number,
): Track[] {
  const port = trackPort(track);
  const name = trackName(track);
  const readers = new Map<number, (tick: number) => number>();
  const parts = new Map<string, Track>();
  for (const { channel, ...note } of notes) {
    let reader = readers.get(channel);
    if (!reader) readers.set(channel, (reader = state.programReader(port + channel, index)));
    const program = reader(note.tick);
    const key = `${channel}/${program}`;
    let part = parts.get(key);
    if (!part) {
      const pedals = state.pedals(port + channel, endTick);
      part = { name, program, isDrum: channel === DRUM_CHANNEL, notes: [], pedals };
      parts.set(key, part);
    }
    part.notes.push(note);
  }
  for (const part of parts.values()) part.notes.sort(compareNotes);
  return [...parts.values()];
}

function compareNotes(a: Note, b: Note): number {
  return a.tick - b.tick || a.pitch - b.pitch || a.duration - b.duration || a.velocity - b.velocity;
}

/** `midi-file` gives one character per byte; names are UTF-8 where that is valid, else Latin-1. */
function trackName(track: EventTrack): string {
  for (const { event } of track.events) {
    if (event.type !== 'trackName') continue;
    const bytes = Uint8Array.from(event.text, (character) => character.charCodeAt(0));
    const text = decodeUtf8(bytes) ?? event.text;
    return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  }
  return '';
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
