// Loudness: a level, the accents of the meter, and an arch over every four bars.

const levels = { pp: 42, p: 52, mp: 62, mf: 72, f: 84, ff: 94 };
export const levelNames = Object.keys(levels);

/** How much lower a part is than the melody. */
const parts = { melody: 0, second: -8, chords: -16, bass: -9 };

/** MIDI velocity of a note that begins `tick` ticks into bar `bar` of a section. */
export function velocityOf({ level, part, bar, tick, barLength, beat }) {
  const arch = 5 * Math.sin((Math.PI * ((bar % 4) + tick / barLength)) / 4);
  return Math.max(18, Math.min(118, Math.round(levels[level] + parts[part] + accent(tick, barLength, beat) + arch)));
}

function accent(tick, barLength, beat) {
  if (tick === 0) return 8;
  if (tick * 2 === barLength && (barLength / beat) % 2 === 0) return 4;
  return tick % beat === 0 ? 1 : -4;
}
