/**
 * The neutral Score that stands between MIDI files and tokens.
 *
 * All times are integer ticks from the start of the piece, `ticksPerQuarter` of them to a quarter note;
 * seconds exist only at the rim (see `TempoMap`).
 */
export interface Score {
  /** Resolution, a positive integer. */
  ticksPerQuarter: number;
  /** Sorted by tick, at most one per tick. Before the first one 120 quarters a minute hold. */
  tempos: Tempo[];
  /** Sorted by tick, at most one per tick. Before the first one 4/4 holds. */
  timeSignatures: TimeSignature[];
  /** Sorted by tick, at most one per tick. May be empty: the key is then unknown. */
  keySignatures: KeySignature[];
  tracks: Track[];
  /** End of the piece; never before the end of its last note. */
  endTick: number;
}

/** A tempo from a tick on. */
export interface Tempo {
  tick: number;
  /** Positive integer; 500,000 is 120 quarters a minute. */
  microsecondsPerQuarter: number;
}

/** A meter from a tick on. */
export interface TimeSignature {
  tick: number;
  numerator: number;
  /** A power of two. */
  denominator: number;
}

/** A written key from a tick on. */
export interface KeySignature {
  tick: number;
  /** Position on the circle of fifths, -7 (seven flats) to 7 (seven sharps). */
  fifths: number;
  mode: 'major' | 'minor';
}

/** The notes of one instrument: one MIDI channel of one MIDI track. */
export interface Track {
  name: string;
  /** General MIDI program, 0..127. */
  program: number;
  /** True for percussion (MIDI channel 10): `program` is then a kit and a pitch is an instrument of it. */
  isDrum: boolean;
  /** Sorted by tick, then pitch. */
  notes: Note[];
  /** Spans in which the sustain pedal is down; sorted by tick, never overlapping. */
  pedals: Pedal[];
}

/** One note, as it is struck and held. */
export interface Note {
  tick: number;
  /** Ticks, at least 1. */
  duration: number;
  /** MIDI key, 0..127; 60 is middle C. */
  pitch: number;
  /** 1..127. */
  velocity: number;
}

/** A span in which the sustain pedal is down. */
export interface Pedal {
  tick: number;
  /** Ticks, at least 1. */
  duration: number;
}
