import { MidiError } from '../errors.js';
import type { Score, Track } from '../score/score.js';
import { ByteBuffer } from './byte-buffer.js';
import { checkScore } from './check-score.js';

/** An encoded event without its delta time. Events of one tick are written by rising `rank`. */
interface OutEvent {
  tick: number;
  rank: number;
  bytes: readonly number[];
}

const MAX_DELTA = 0x0fffffff;
const DRUM_CHANNEL = 9;
const MELODIC_CHANNELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15];
/** At one tick: ends before beginnings, the pedal between them, so that repeated notes and pedals come out right. */
const RANK = { setUp: 0, noteOff: 1, pedalUp: 2, pedalDown: 3, noteOn: 4 } as const;

/**
 * Writes a Score as a type 1 MIDI file: a conductor track, then one track per Track, each on a channel of
 * its own (a further port when the sixteen are used up). The same Score gives the same bytes.
 *
 * `readMidi` gives the same Score back, save for tracks without notes and for overlapping notes of one
 * pitch in one track, whose ends MIDI cannot tell apart: the first end is given to the first note.
 *
 * @throws MidiError SCORE if a value has no place in a MIDI file
 */
export function writeMidi(score: Score): Uint8Array {
  checkScore(score);
  const file = new ByteBuffer(4096);
  file.ascii('MThd');
  file.uint32(6);
  file.uint16(1);
  file.uint16(score.tracks.length + 1);
  file.uint16(score.ticksPerQuarter);
  writeTrack(file, conductorEvents(score), score.endTick);
  const channels = new ChannelPlan();
  for (const track of score.tracks) writeTrack(file, trackEvents(track, channels.next(track)), score.endTick);
  return file.bytes();
}

function conductorEvents(score: Score): OutEvent[] {
  const rank = RANK.setUp;
  return [
    ...score.timeSignatures.map(({ tick, numerator, denominator }) => ({
      tick,
      rank,
      bytes: [0xff, 0x58, 4, numerator, Math.log2(denominator), 24, 8],
    })),
    ...score.keySignatures.map(({ tick, fifths, mode }) => ({
      tick,
      rank,
      bytes: [0xff, 0x59, 2, fifths & 0xff, mode === 'minor' ? 1 : 0],
    })),
    ...score.tempos.map(({ tick, microsecondsPerQuarter: tempo }) => ({
      tick,
      rank,
      bytes: [0xff, 0x51, 3, (tempo >> 16) & 0xff, (tempo >> 8) & 0xff, tempo & 0xff],
    })),
  ];
}

function trackEvents(track: Track, { port, channel }: Place): OutEvent[] {
  const events: OutEvent[] = [];
  const add = (tick: number, rank: number, ...bytes: number[]) => events.push({ tick, rank, bytes });
  if (track.name !== '') events.push({ tick: 0, rank: RANK.setUp, bytes: nameEvent(track.name) });
  if (port > 0) add(0, RANK.setUp, 0xff, 0x21, 1, port);
  add(0, RANK.setUp, 0xc0 | channel, track.program);
  for (const { tick, duration } of track.pedals) {
    add(tick, RANK.pedalDown, 0xb0 | channel, 64, 127);
    add(tick + duration, RANK.pedalUp, 0xb0 | channel, 64, 0);
  }
  for (const { tick, duration, pitch, velocity } of track.notes) {
    add(tick, RANK.noteOn, 0x90 | channel, pitch, velocity);
    add(tick + duration, RANK.noteOff, 0x80 | channel, pitch, 0);
  }
  return events;
}

function nameEvent(name: string): number[] {
  const text = new TextEncoder().encode(name).subarray(0, 1024);
  const length = new ByteBuffer(4);
  length.varInt(text.length);
  return [0xff, 0x03, ...length.bytes(), ...text];
}

function writeTrack(file: ByteBuffer, events: OutEvent[], endTick: number): void {
  const body = new ByteBuffer(events.length * 5 + 8);
  let now = 0;
  const advance = (tick: number) => {
    if (tick - now > MAX_DELTA) {
      throw new MidiError('RONDO_MIDI_SCORE', `a silence of ${tick - now} ticks does not fit into a MIDI file`);
    }
    body.varInt(tick - now);
    now = tick;
  };
  for (const { tick, bytes } of events.sort((a, b) => a.tick - b.tick || a.rank - b.rank)) {
    advance(tick);
    body.push(...bytes);
  }
  advance(Math.max(now, endTick));
  body.push(0xff, 0x2f, 0);
  file.ascii('MTrk');
  file.uint32(body.length);
  file.append(body.bytes());
}

interface Place {
  port: number;
  channel: number;
}

/** Hands out channels; the pedal works on a whole channel, so two tracks must not share one. */
class ChannelPlan {
  #melodic = 0;
  #drums = 0;

  next(track: Track): Place {
    if (track.isDrum) return { port: this.#drums++ % 128, channel: DRUM_CHANNEL };
    const index = this.#melodic++;
    const port = Math.floor(index / MELODIC_CHANNELS.length) % 128;
    return { port, channel: MELODIC_CHANNELS[index % MELODIC_CHANNELS.length] };
  }
}
