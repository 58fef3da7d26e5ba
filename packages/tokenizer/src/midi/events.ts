import { parseMidi, type MidiEvent } from 'midi-file';
import { MidiError } from '../errors.js';
import { ByteBuffer } from './byte-buffer.js';
import type { GuardedTrack } from './track-guard.js';

/** A well-formed event of `midi-file` with its time from the start of the track. */
export interface TimedEvent {
  tick: number;
  event: MidiEvent;
}

/** One MIDI track, decoded. */
export interface EventTrack {
  events: TimedEvent[];
  /** Tick of the end of the track. */
  endTick: number;
}

/**
 * Decodes one guarded track with `midi-file`, the parser that `@tonejs/midi` is built on.
 * `@tonejs/midi` itself stands between us and the events with defects (first tempo after tick 0, minor
 * keys, notes without note-off, quadratic pairing), so the Score is made from the raw events.
 *
 * @throws MidiError CORRUPT if the parser refuses what the guard let through (a bug of ours)
 */
export function decodeTrack(guard: GuardedTrack): EventTrack {
  const file = new ByteBuffer(guard.bytes.length + 22);
  file.ascii('MThd');
  file.uint32(6);
  file.uint16(0);
  file.uint16(1);
  file.uint16(1);
  file.ascii('MTrk');
  file.uint32(guard.bytes.length);
  file.append(guard.bytes);
  let tick = 0;
  const events = parse(file.bytes()).map((event) => ({ tick: (tick += event.deltaTime), event }));
  return { events, endTick: tick };
}

function parse(file: Uint8Array): MidiEvent[] {
  try {
    return parseMidi(file).tracks[0] ?? [];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MidiError('RONDO_MIDI_CORRUPT', `a track cannot be decoded: ${reason}`);
  }
}
