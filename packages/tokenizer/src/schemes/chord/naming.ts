const STEP_NAMES = ['C', 'C#', 'D', 'E-', 'E', 'F', 'F#', 'G', 'G#', 'A', 'B-', 'B'] as const;

/**
 * music21's name of a MIDI pitch: `-` is flat, `#` is sharp, 60 is `C4`.
 * The black keys are always spelled C#, E-, F#, G#, B-, as music21 spells pitches that come from MIDI.
 * Two keys far below the piano share their names with others: 4 (E of octave -1) with E-flat 1, 11 with B-flat 1.
 */
export function pitchName(pitch: number): string {
  return `${STEP_NAMES[pitch % 12]!}${Math.floor(pitch / 12) - 1}`;
}

const PITCH_BY_NAME = new Map(Array.from({ length: 128 }, (_, pitch) => [pitchName(pitch), pitch]));
const STEPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/**
 * The MIDI pitch of a name. Other spellings (`D#5`, `A-4`) are read too: vocabularies of other origin have
 * them. Undefined for anything that is no pitch of 0..127.
 */
export function parsePitchName(name: string): number | undefined {
  const own = PITCH_BY_NAME.get(name);
  if (own !== undefined) return own;
  const parts = /^([A-G])(#{1,2}|-{1,2})?(\d)$/.exec(name);
  if (!parts) return undefined;
  const [, step, accidental = '', octave] = parts;
  const shift = accidental.startsWith('#') ? accidental.length : -accidental.length;
  const pitch = 12 * (Number(octave) + 1) + STEPS[step] + shift;
  return pitch >= 0 && pitch <= 127 ? pitch : undefined;
}

/** The pitch that is read back from a pitch's name: itself, save for the two names that mean another one. */
export function namedPitch(pitch: number): number {
  return PITCH_BY_NAME.get(pitchName(pitch)) as number;
}

/**
 * Normal order of a set of pitches (Forte, The Structure of Atonal Music, 1973): the rotation of its pitch
 * classes with the smallest span, then packed most to the left; of equals the one from the lowest class.
 *
 * @param pitches MIDI pitches or pitch classes, repeats allowed
 * @returns distinct pitch classes 0..11
 */
export function normalOrder(pitches: readonly number[]): number[] {
  const classes = [...new Set(pitches.map((pitch) => pitch % 12))].sort((a, b) => a - b);
  let best = classes;
  for (let start = 1; start < classes.length; start++) {
    const rotation = [...classes.slice(start), ...classes.slice(0, start)];
    if (isTighter(rotation, best)) best = rotation;
  }
  return best;
}

function isTighter(a: readonly number[], b: readonly number[]): boolean {
  const last = a.length - 1;
  for (let i = 0; i < a.length; i++) {
    const index = i === 0 ? last : i;
    const difference = distance(a, index) - distance(b, index);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Semitones up from the first pitch class to the one at `index`. */
function distance(order: readonly number[], index: number): number {
  return (order[index] - order[0] + 12) % 12;
}
