/** General MIDI programs for which music21 5.7 has an instrument of its own; the rest share one without a name. */
const NAMED = new Set([
  0, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 20, 21, 22, 24, 26, 32, 33, 35, 40, 41, 42, 43, 46, 47, 48, 52, 56, 57, 58, 60,
  61, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 77, 78, 79, 104, 105, 106, 107, 108, 109, 111, 113, 114, 115, 116,
]);

/** Programs with equal keys are one instrument to the tutorial. */
export function instrumentKey(program: number): number {
  return NAMED.has(program) ? program : -1;
}
