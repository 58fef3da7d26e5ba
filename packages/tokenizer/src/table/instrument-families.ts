import type { Track } from '../score/score.js';

/** Families of General MIDI programs, eight programs each. */
export const INSTRUMENT_FAMILIES = [
  'piano', 'chromatic percussion', 'organ', 'guitar', 'bass', 'strings', 'ensemble', 'brass',
  'reed', 'pipe', 'synth lead', 'synth pad', 'synth effects', 'ethnic', 'percussive', 'sound effects',
] as const; // prettier-ignore

/** What a band is divided into: `drums`, and the families of pitched instruments. */
export const PART_NAMES = ['drums', ...INSTRUMENT_FAMILIES] as const;
/** Name of a part: `drums`, `bass`, `strings` … */
export type PartName = (typeof PART_NAMES)[number];

/** The part that a track belongs to; percussion is `drums`, whatever its kit. */
export function partOf({ program, isDrum }: Pick<Track, 'program' | 'isDrum'>): PartName {
  return isDrum ? 'drums' : INSTRUMENT_FAMILIES[program >> 3];
}
