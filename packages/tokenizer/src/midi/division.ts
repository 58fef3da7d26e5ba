import { MidiError } from '../errors.js';
import type { ReadMidiOptions } from './limits.js';

/** The time grid of a file: ticks per quarter and, for SMPTE files, the one tempo that makes it true. */
export interface Grid {
  ticksPerQuarter: number;
  fixedMicrosecondsPerQuarter?: number;
}

const FRAME_RATES = [24, 25, 29, 30];

/**
 * Reads the division word of the header.
 *
 * SMPTE division (bit 15 set) counts ticks of a second: rate r and t ticks a frame give r·t ticks a second.
 * A quarter is set to half a second, or a whole one where r·t is odd, so that ticks stay exact; 29 means
 * drop-frame, 30 · 1000/1001 frames a second.
 *
 * @throws MidiError SMPTE unless `smpte: 'convert'` is set, HEADER for an unknown frame rate
 */
export function readDivision(division: number, options: ReadMidiOptions): Grid {
  if ((division & 0x8000) === 0) return { ticksPerQuarter: division };
  const rate = 256 - (division >> 8);
  const ticksPerFrame = division & 0xff;
  if (!FRAME_RATES.includes(rate) || ticksPerFrame === 0) {
    throw new MidiError(
      'RONDO_MIDI_HEADER',
      `the MIDI header gives a time division that does not exist (${rate} frames a second, ${ticksPerFrame} ticks a frame)`,
    );
  }
  if (options.smpte !== 'convert') {
    throw new MidiError(
      'RONDO_MIDI_SMPTE',
      `the file is timed in SMPTE frames (${rate} a second) and has no beats; save it with ticks per quarter note`,
    );
  }
  const ticksPerSecond = (rate === 29 ? 30 : rate) * ticksPerFrame;
  const stretch = rate === 29 ? 1.001 : 1;
  return ticksPerSecond % 2 === 0
    ? { ticksPerQuarter: ticksPerSecond / 2, fixedMicrosecondsPerQuarter: Math.round(500_000 * stretch) }
    : { ticksPerQuarter: ticksPerSecond, fixedMicrosecondsPerQuarter: Math.round(1_000_000 * stretch) };
}
