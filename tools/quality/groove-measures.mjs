// Measures of a drum pattern or a bass line in 4/4: how full its bars are, how it lies in the bar, and how one bar follows
// from those before. A bar is a set of onsets (sixteenth or triplet and key); two bars are near if four fifths of all
// their onsets are common to both.
import { BarMap } from '@rondo/tokenizer';

/** Places of a quarter: onsets on sixteenths and triplets are told apart. */
const PLACES = 12;
const NEAR = 0.8;
const [KICKS, SNARES] = [
  [35, 36],
  [38, 40],
];

/** The onsets of each bar: place in the bar and key, by part. */
function barsOf(score, bars) {
  const map = new BarMap(score);
  const found = Array.from({ length: bars }, () => []);
  for (const { notes } of score.tracks) {
    for (const { tick, pitch } of notes) {
      const bar = map.bar(map.indexAt(tick));
      const place = Math.round((PLACES * (tick - bar.tick)) / score.ticksPerQuarter);
      if (bar.index < bars) found[bar.index].push({ place, pitch });
    }
  }
  return found;
}

/** Share of all onsets of two bars that both have. */
function likeness(a, b) {
  const common = [...a].filter((onset) => b.has(onset)).length;
  return common / (a.size + b.size - common);
}

const share = (part, whole) => (whole === 0 ? undefined : part / whole);
const isPlayed = (bar) => bar.length > 0;

/** Figures of one part; shares of nothing are undefined. */
export function grooveOf(score, part, bars) {
  const onsets = barsOf(score, bars);
  const all = onsets.flat();
  const rhythm = ({ place }) => String(place);
  const key = ({ place, pitch }) => `${place} ${pitch}`;
  return {
    'notes a bar': all.length / bars,
    'empty bars': share(onsets.filter((bar) => !isPlayed(bar)).length, bars),
    'on eighths': share(all.filter(({ place }) => place % (PLACES / 2) === 0).length, all.length),
    'bars that begin on one': share(onsets.filter((bar) => bar.some(({ place }) => place === 0)).length, bars),
    ...(part === 'drums' ? drumFigures(onsets, all) : { 'rhythm as before': following(onsets, rhythm, 1).near }),
    'bar as the one before': following(onsets, key, 1).same,
    'near the one before': following(onsets, key, 1).near,
    'near one of four before': following(onsets, key, 4).near,
    'different bars': share(new Set(onsets.map((bar) => bar.map(key).sort().join())).size, bars),
  };
}

/** Where kick and snare stand, and whether one instrument keeps time: it strikes every quarter of the bar or more. */
function drumFigures(onsets, all) {
  const at = (keys, beats) => {
    const strokes = all.filter(({ pitch }) => keys.includes(pitch));
    return share(
      strokes.filter(({ place }) => beats.some((beat) => place === (beat - 1) * PLACES)).length,
      strokes.length,
    );
  };
  const hasPulse = (bar) => {
    const keys = [...new Set(bar.map(({ pitch }) => pitch))];
    return keys.some((key) =>
      [0, 1, 2, 3].every((beat) => bar.some(({ place, pitch }) => pitch === key && place === beat * PLACES)),
    );
  };
  return {
    'kicks on one and three': at(KICKS, [1, 3]),
    'snares on two and four': at(SNARES, [2, 4]),
    'bars with a steady stroke': share(onsets.filter(hasPulse).length, onsets.length),
  };
}

/** Shares of bars that are the same as, or near, one of the `reach` bars before them; where neither is empty. */
function following(onsets, name, reach) {
  const sets = onsets.map((bar) => new Set(bar.map(name)));
  let [compared, same, near] = [0, 0, 0];
  for (let i = 1; i < sets.length; i += 1) {
    const before = sets.slice(Math.max(0, i - reach), i).filter(({ size }) => size > 0);
    if (sets[i].size === 0 || before.length === 0) continue;
    const best = Math.max(...before.map((set) => likeness(sets[i], set)));
    compared += 1;
    if (best === 1) same += 1;
    if (best >= NEAR) near += 1;
  }
  return { same: share(same, compared), near: share(near, compared) };
}

/** The mean of each figure over the parts that have it, and their number. */
export function meanGroove(figures) {
  const names = Object.keys(figures[0] ?? {});
  const mean = (name) => {
    const known = figures.map((figure) => figure[name]).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return { parts: String(figures.length), ...Object.fromEntries(names.map((name) => [name, mean(name)])) };
}
