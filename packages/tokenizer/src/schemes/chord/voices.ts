import { MAX_SIMULTANEOUS, type Onset } from './grouping.js';

/**
 * Spreads overlapping onsets over voices as music21 does: in time order, each goes to the first voice
 * whose music has ended. The result lists voice after voice, which decides the order of what begins together.
 */
export function spreadOverVoices(onsets: readonly Onset[]): Onset[] {
  const voices: { end: number; onsets: Onset[] }[] = [];
  for (const onset of [...onsets].sort((a, b) => a.start - b.start)) {
    let voice = voices.find(({ end }) => end <= onset.start);
    if (!voice && voices.length < MAX_SIMULTANEOUS) voices.push((voice = { end: 0, onsets: [] }));
    voice ??= voices[voices.length - 1];
    voice.onsets.push(onset);
    voice.end = Math.max(voice.end, onset.start + onset.duration);
  }
  return voices.flatMap((voice) => voice.onsets);
}
