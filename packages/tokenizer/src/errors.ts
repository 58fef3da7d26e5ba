import { oneLine } from './one-line.js';

/** Why a MIDI file was refused. */
export type MidiErrorCode =
  | 'RONDO_MIDI_EMPTY'
  | 'RONDO_MIDI_NOT_MIDI'
  | 'RONDO_MIDI_HEADER'
  | 'RONDO_MIDI_TRUNCATED'
  | 'RONDO_MIDI_SMPTE'
  | 'RONDO_MIDI_NO_TRACKS'
  | 'RONDO_MIDI_NO_NOTES'
  | 'RONDO_MIDI_CORRUPT'
  | 'RONDO_MIDI_TOO_BIG'
  | 'RONDO_MIDI_TOO_MANY_NOTES'
  | 'RONDO_MIDI_TOO_LONG'
  | 'RONDO_MIDI_SCORE';

/** A MIDI file that cannot be used (or a Score that cannot be written), with the reason in one line. */
export class MidiError extends Error {
  override readonly name = 'MidiError';

  constructor(
    readonly code: MidiErrorCode,
    message: string,
  ) {
    super(oneLine(message));
  }
}

/** Options of a tokenization that make no sense: what was expected, what came. */
export class SchemeError extends Error {
  override readonly name = 'SchemeError';
  readonly code = 'RONDO_SCHEME_OPTIONS';

  constructor(message: string) {
    super(oneLine(message));
  }
}
