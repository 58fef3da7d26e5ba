/** @returns a name under which music21 files a General MIDI program (equal names are one instrument) */
export function instrumentName(program: number): string {
  return String(program);
}
