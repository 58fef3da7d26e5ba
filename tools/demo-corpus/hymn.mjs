// Four-part writing: alto, tenor and bass under a given soprano, chosen together for the whole line (shortest path).
import { inRange } from './chords.mjs';

/**
 * `moments` are `{ tick, duration, soprano, chord }` in time order. Gives notes of the three lower voices.
 * Costs follow the school rules: small steps, no parallel fifths and octaves, no crossing, the third present and the leading
 * note not doubled.
 */
export function harmonise(moments) {
  let paths = [{ cost: 0, voices: undefined, back: undefined }];
  let before;
  for (const moment of moments) {
    const options = settings(moment);
    paths = options.map((voices) => {
      let best;
      for (const path of paths) {
        const cost = path.cost + (path.voices ? step(path.voices, before.soprano, voices, moment.soprano) : 0);
        if (!best || cost < best.cost) best = { cost, voices, back: path };
      }
      return { ...best, cost: best.cost + standing(voices, moment) };
    });
    before = moment;
  }
  let path = paths.reduce((best, option) => (option.cost < best.cost ? option : best));
  const notes = [];
  for (const { tick, duration } of [...moments].reverse()) {
    for (const pitch of new Set(path.voices)) notes.unshift({ tick, duration, pitch });
    path = path.back;
  }
  return notes;
}

/** All [bass, tenor, alto] of a chord below a soprano. */
function settings({ chord, soprano }) {
  const found = [];
  const tones = (low, high) => chord.tones.flatMap((tone) => inRange(tone, low, high));
  const ceiling = Math.max(58, soprano);
  for (const bass of inRange(chord.bass, 38, 57)) {
    for (const tenor of tones(Math.max(48, bass), Math.min(67, ceiling))) {
      for (const alto of tones(Math.max(53, tenor), Math.min(74, ceiling))) found.push([bass, tenor, alto]);
    }
  }
  return found.length > 0 ? found : [[inRange(chord.bass, 38, 57)[0], soprano - 9, soprano - 5]];
}

function standing([bass, tenor, alto], { chord, soprano }) {
  const sounding = [bass, tenor, alto, soprano].map((pitch) => pitch % 12);
  let cost = 0.15 * Math.abs(bass - 47) + 0.1 * Math.abs(tenor - 57) + 0.1 * Math.abs(alto - 64);
  if (!sounding.includes(chord.tones[1])) cost += 12;
  if (chord.tones[3] !== undefined && !sounding.includes(chord.tones[3])) cost += 6;
  if (sounding.filter((tone) => tone === chord.tones[1]).length > 1) cost += 3;
  if (soprano - alto > 12) cost += 4;
  if (alto - tenor > 12) cost += 6;
  if (alto === soprano || alto === tenor) cost += 5;
  if (tenor === bass) cost += 2;
  return cost;
}

function step(before, sopranoBefore, after, sopranoAfter) {
  const from = [...before, sopranoBefore];
  const to = [...after, sopranoAfter];
  let cost = 0;
  for (let voice = 0; voice < 3; voice += 1) {
    const leap = Math.abs(to[voice] - from[voice]);
    cost += (voice === 0 ? 0.5 : 1) * (leap > 4 ? leap * 1.3 : leap);
  }
  for (let low = 0; low < 4; low += 1) {
    for (let high = low + 1; high < 4; high += 1) {
      const interval = (from[high] - from[low]) % 12;
      const moves = from[low] !== to[low] && from[high] !== to[high];
      if (moves && (interval === 0 || interval === 7) && (to[high] - to[low]) % 12 === interval) cost += 20;
    }
    if (low < 3 && (to[low] > from[low + 1] || to[low + 1] < from[low])) cost += 2;
  }
  return cost;
}
