import { namedPitch, normalOrder, parsePitchName, pitchName } from './naming.js';

/** Longest duration and longest single wait, in steps. Longer waits are several tokens. */
export const MAX_STEPS = 64;

export type ChordToken =
  | { readonly kind: 'onset'; readonly pitches: readonly number[] }
  | { readonly kind: 'duration' | 'wait'; readonly steps: number }
  | { readonly kind: 'bos' | 'eos' };

/** Where a pitch class sounds that has lost its octave: music21's default octave. */
const DEFAULT_OCTAVE_C = 60;

/** The token of what begins together: a note's name, or a chord as pitch classes (or, voiced, as pitches). */
export function onsetToken(pitches: readonly number[], voicing: boolean): string {
  if (pitches.length === 1) return pitchName(pitches[0]);
  if (!voicing) return normalOrder(pitches).join('.');
  return [...new Set(pitches)]
    .sort((a, b) => a - b)
    .map(pitchName)
    .join('.');
}

/** The pitches that `decode` gives back for an onset: those of its token. */
export function keptPitches(pitches: readonly number[], voicing: boolean): number[] {
  if (pitches.length === 1) return [namedPitch(pitches[0])];
  const kept = voicing ? new Set(pitches) : normalOrder(pitches).map((pitchClass) => DEFAULT_OCTAVE_C + pitchClass);
  return [...kept].sort((a, b) => a - b);
}

/** Reads one token of the scheme; undefined for any other string. */
export function parseToken(token: string, voicing: boolean): ChordToken | undefined {
  if (token === 'BOS') return { kind: 'bos' };
  if (token === 'EOS') return { kind: 'eos' };
  const timed = /^(Dur|Wait)_([1-9]\d?)$/.exec(token);
  if (timed) {
    const steps = Number(timed[2]);
    return steps > MAX_STEPS ? undefined : { kind: timed[1] === 'Dur' ? 'duration' : 'wait', steps };
  }
  const pitches = parseOnset(token, voicing);
  return pitches && { kind: 'onset', pitches };
}

function parseOnset(token: string, voicing: boolean): number[] | undefined {
  const parts = token.split('.');
  if (parts.length > 1 && voicing) return distinct(parts.map(parsePitchName));
  const note = parsePitchName(token);
  if (note !== undefined) return [note];
  return voicing ? undefined : distinct(parts.map(parsePitchClass));
}

function parsePitchClass(text: string): number | undefined {
  return /^(\d|1[01])$/.test(text) ? DEFAULT_OCTAVE_C + Number(text) : undefined;
}

/** Sorted, or undefined if one is missing or stands twice. */
function distinct(pitches: readonly (number | undefined)[]): number[] | undefined {
  const known = pitches.filter((pitch) => pitch !== undefined);
  if (known.length < pitches.length || new Set(known).size < known.length) return undefined;
  return known.sort((a, b) => a - b);
}
