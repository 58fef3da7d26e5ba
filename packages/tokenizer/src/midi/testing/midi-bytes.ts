/** Hand-made MIDI files for tests: every byte is visible. */

/** Variable-length quantity. */
export function vlq(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

export function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

export function uint32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

export const END_OF_TRACK = [0, 0xff, 0x2f, 0];

/** A track chunk of events (each: delta time, then bytes), closed with an end-of-track event. */
export function track(...events: readonly (readonly number[])[]): number[] {
  return chunk('MTrk', [...events.flat(), ...END_OF_TRACK]);
}

export function chunk(id: string, data: readonly number[], length = data.length): number[] {
  return [...ascii(id), ...uint32(length), ...data];
}

/** A MIDI file of ready-made chunks. */
export function midiFile(
  header: { format?: number; division?: number; trackCount?: number },
  ...chunks: readonly (readonly number[])[]
): Uint8Array {
  const { format = 1, division = 96, trackCount = chunks.length } = header;
  const head = [0, format, trackCount >> 8, trackCount & 0xff, division >> 8, division & 0xff];
  return Uint8Array.from([...chunk('MThd', head), ...chunks.flat()]);
}

export const on = (delta: number, pitch: number, velocity = 80, channel = 0) => [
  ...vlq(delta),
  0x90 | channel,
  pitch,
  velocity,
];
export const off = (delta: number, pitch: number, channel = 0) => [...vlq(delta), 0x80 | channel, pitch, 64];
export const program = (delta: number, number: number, channel = 0) => [...vlq(delta), 0xc0 | channel, number];
export const pedal = (delta: number, value: number, channel = 0) => [...vlq(delta), 0xb0 | channel, 64, value];
export const meta = (delta: number, type: number, data: readonly number[]) => [
  ...vlq(delta),
  0xff,
  type,
  ...vlq(data.length),
  ...data,
];
export const tempo = (delta: number, microseconds: number) => meta(delta, 0x51, uint32(microseconds).slice(1));

/** A track with one quarter note. */
export const oneNote = (pitch = 60, channel = 0) => track(on(0, pitch, 80, channel), off(96, pitch, channel));
