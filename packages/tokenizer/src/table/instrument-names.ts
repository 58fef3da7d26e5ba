import * as toneMidi from '@tonejs/midi';
import type { Track } from '../score/score.js';

// In Node the library is CommonJS and arrives under `default`; bundlers take its module build, which has named exports.
const { Midi } = (toneMidi as unknown as { default?: typeof toneMidi }).default ?? toneMidi;

let names: readonly string[] | undefined;

/** The General MIDI names of the 128 programs, from `@tonejs/midi`, in lower case (`acoustic grand piano`). */
export function instrumentNames(): readonly string[] {
  names ??= readNames();
  return names;
}

function readNames(): string[] {
  const { instrument } = new Midi().addTrack();
  return Array.from({ length: 128 }, (_, program) => {
    instrument.number = program;
    return instrument.name;
  });
}

/** Name of the instrument that plays a track; percussion is `drums`, whatever its kit. */
export function trackInstrument(track: Pick<Track, 'program' | 'isDrum'>): string {
  return track.isDrum ? 'drums' : instrumentNames()[track.program];
}
