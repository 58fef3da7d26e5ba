import type { LiveNote } from './chunk.js';

/** A MIDI message and when it is to be sent, in seconds from the start. */
export interface MidiEvent {
  readonly at: number;
  readonly bytes: Uint8Array;
}

const DRUM_CHANNEL = 9;

/** Spreads programs over the fifteen channels that are not for percussion; a program change stands before a first note. */
export class Channels {
  readonly #channels = new Map<number, number>(); // program → channel, the least lately used first

  /** The messages of one note: program change where needed, on and off. */
  events({ start, duration, pitch, velocity, program, isDrum }: LiveNote): MidiEvent[] {
    const [channel, change] = isDrum ? [DRUM_CHANNEL, false] : this.#channelOf(program);
    return [
      ...(change ? [{ at: start, bytes: Uint8Array.of(0xc0 | channel, program) }] : []),
      { at: start, bytes: Uint8Array.of(0x90 | channel, pitch, velocity) },
      { at: start + duration, bytes: Uint8Array.of(0x80 | channel, pitch, 0) },
    ];
  }

  #channelOf(program: number): [channel: number, change: boolean] {
    const known = this.#channels.get(program);
    if (known !== undefined) {
      this.#channels.delete(program);
      this.#channels.set(program, known);
      return [known, false];
    }
    const used = new Set(this.#channels.values());
    let channel = Array.from({ length: 16 }, (_, i) => i).find((i) => i !== DRUM_CHANNEL && !used.has(i));
    if (channel === undefined) {
      const [oldest] = this.#channels;
      this.#channels.delete(oldest[0]);
      [, channel] = oldest;
    }
    this.#channels.set(program, channel);
    return [channel, true];
  }
}

/** All notes off on all channels, for the end. */
export function silence(): Uint8Array[] {
  return Array.from({ length: 16 }, (_, channel) => Uint8Array.of(0xb0 | channel, 123, 0));
}
