/** What `readMidi` accepts. Every field has a default in `DEFAULT_LIMITS`. */
export interface ReadMidiOptions {
  /** Bytes of the file. */
  maxBytes?: number;
  /** Note-on events of the whole file. */
  maxNotes?: number;
  /** Tracks of the file. */
  maxTracks?: number;
  /** Length of the piece in quarter notes: a damaged delta time can claim years of silence. */
  maxQuarters?: number;
  /**
   * Files timed in SMPTE frames have seconds but no beats, so bars and note values mean nothing.
   * `refuse` (default) throws; `convert` reads them in true time on a grid of 120 (or 60) quarters a minute.
   */
  smpte?: 'refuse' | 'convert';
  /** A file cut in the middle of a track: `refuse` (default) throws, `salvage` keeps what is there. */
  truncated?: 'refuse' | 'salvage';
}

/** Limits of `readMidi` where none are given. */
export const DEFAULT_LIMITS: Required<ReadMidiOptions> = {
  maxBytes: 16 * 1024 * 1024,
  maxNotes: 1_000_000,
  maxTracks: 1000,
  maxQuarters: 100_000,
  smpte: 'refuse',
  truncated: 'refuse',
};
