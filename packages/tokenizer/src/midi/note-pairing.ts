import type { Note } from '../score/score.js';
import type { TimedEvent } from './events.js';

/** A note with the MIDI channel it came on (0..15). */
export interface ChannelNote extends Note {
  channel: number;
}

/** The notes of one key of one channel. */
interface Key {
  /** Note-ons minus note-offs over the whole track: above 0, some notes have no note-off. */
  surplus: number;
  notes: ChannelNote[];
  /** Index of the oldest note that still sounds; `notes.length` when the key is silent. */
  sounding: number;
}

/**
 * Pairs note-ons with note-offs in linear time. A note-off ends the oldest sounding note of its key (as
 * `@tonejs/midi` does). Where a key has fewer note-offs than note-ons this would let every later note hang,
 * so there a new stroke ends the note before, as on a piano; a last note without note-off ends with the track.
 * A note that starts and ends in the same tick lasts one tick. Stray note-offs are ignored.
 *
 * @returns notes in the order of their note-ons, and how many had no note-off
 */
export function pairNotes(events: readonly TimedEvent[], endTick: number) {
  const keys = countStrokes(events);
  const notes: ChannelNote[] = [];
  let unterminated = 0;
  for (const { tick, event } of events) {
    if (event.type !== 'noteOn' && event.type !== 'noteOff') continue;
    const { channel, noteNumber: pitch, velocity } = event;
    const key = keys.get(keyOf(channel, pitch)) as Key;
    if (event.type === 'noteOff' || (key.surplus > 0 && isSounding(key))) {
      endOldest(key, tick);
      if (event.type === 'noteOff') continue;
      unterminated++;
    }
    const note = { tick, duration: 1, pitch, velocity, channel };
    notes.push(note);
    key.notes.push(note);
  }
  for (const key of keys.values()) {
    for (; isSounding(key); unterminated++) endOldest(key, endTick);
  }
  return { notes, unterminated };
}

function countStrokes(events: readonly TimedEvent[]): Map<number, Key> {
  const keys = new Map<number, Key>();
  for (const { event } of events) {
    if (event.type !== 'noteOn' && event.type !== 'noteOff') continue;
    const id = keyOf(event.channel, event.noteNumber);
    let key = keys.get(id);
    if (!key) keys.set(id, (key = { surplus: 0, notes: [], sounding: 0 }));
    key.surplus += event.type === 'noteOn' ? 1 : -1;
  }
  return keys;
}

function keyOf(channel: number, pitch: number): number {
  return channel * 128 + pitch;
}

function isSounding(key: Key): boolean {
  return key.sounding < key.notes.length;
}

function endOldest(key: Key, tick: number): void {
  if (!isSounding(key)) return;
  const note = key.notes[key.sounding++];
  note.duration = Math.max(1, tick - note.tick);
}
