// Chord symbols → pitch classes, and voicings that move as little as they can.
import { CorpusError } from './music-line.mjs';

const letters = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const qualities = {
  '': [0, 4, 7],
  m: [0, 3, 7],
  7: [0, 4, 7, 10],
  m7: [0, 3, 7, 10],
  maj7: [0, 4, 7, 11],
  6: [0, 4, 7, 9],
  m6: [0, 3, 7, 9],
  dim: [0, 3, 6],
  dim7: [0, 3, 6, 9],
  m7b5: [0, 3, 6, 10],
  aug: [0, 4, 8],
  sus4: [0, 5, 7],
  sus2: [0, 2, 7],
  5: [0, 7],
};

function pitchClass(name) {
  const shift = name.endsWith('#') ? 1 : name.endsWith('b') ? -1 : 0;
  return (letters[name[0]] + shift + 12) % 12;
}

/** `{ symbol, root, bass, tones }`, all pitch classes; tones in the order root, third, fifth, seventh. */
export function readChord(symbol, where) {
  const match = /^([A-G][#b]?)(maj7|m7b5|m7|m6|m|dim7|dim|aug|sus4|sus2|7|6|5)?(?:\/([A-G][#b]?))?$/.exec(symbol);
  if (!match) throw new CorpusError(where, `"${symbol}" is no chord symbol`);
  const root = pitchClass(match[1]);
  const tones = qualities[match[2] ?? ''].map((step) => (root + step) % 12);
  return { symbol, root, bass: match[3] ? pitchClass(match[3]) : root, tones };
}

const bassRange = [36, 51];
const chordRange = [48, 67];

/** The bass note of a chord: near the one before, in the low octave and a half. */
export function placeBass(chord, previous) {
  const options = inRange(chord.bass, ...bassRange);
  return least(options, (pitch) => Math.abs(pitch - (previous ?? 43)) + 0.4 * Math.abs(pitch - 43));
}

/** The other bass note of an alternating accompaniment: the chord's fifth, below where there is room. */
export function placeFifth(chord, bass) {
  const fifth = chord.tones[2] ?? chord.tones[1];
  const tone = fifth === chord.bass ? chord.root : fifth;
  return least(inRange(tone, 34, 53), (pitch) => Math.abs(pitch - bass) + (pitch > bass ? 1.5 : 0));
}

/** Three chord tones in close position below the melody, nearest to the voicing before. */
export function placeVoicing(chord, previous, ceiling) {
  const top = Math.max(chordRange[0] + 9, Math.min(chordRange[1], ceiling - 1));
  const options = toneSets(chord).flatMap((tones) => closePositions(tones, chordRange[0], top));
  return least(options, (pitches) => movement(pitches, previous) + 0.35 * Math.abs(pitches[1] - 57));
}

function movement(pitches, previous) {
  if (!previous) return 0;
  return pitches.reduce((sum, pitch, index) => sum + Math.abs(pitch - previous[index]), 0);
}

/** Of a seventh chord three tones are enough: the bass has the root, or the fifth is left out. */
function toneSets({ tones }) {
  if (tones.length === 2) return [[tones[0], tones[1], tones[0]]];
  if (tones.length === 3) return [tones];
  return [
    [tones[1], tones[2], tones[3]],
    [tones[0], tones[1], tones[3]],
  ];
}

function closePositions(tones, low, high) {
  const found = [];
  for (let rotation = 0; rotation < 3; rotation += 1) {
    const order = [0, 1, 2].map((index) => tones[(index + rotation) % 3]);
    for (const bottom of inRange(order[0], low, high)) {
      const middle = above(order[1], bottom);
      const top = above(order[2], middle);
      if (top <= high) found.push([bottom, middle, top]);
    }
  }
  // Very little room: let the chord stand as low as it likes.
  return found.length > 0 ? found : closePositions(tones, low - 5, high);
}

function above(tone, pitch) {
  return pitch + ((((tone - pitch) % 12) + 12) % 12) + (tone % 12 === pitch % 12 ? 12 : 0);
}

export function inRange(tone, low, high) {
  const found = [];
  for (let pitch = low + ((((tone - low) % 12) + 12) % 12); pitch <= high; pitch += 12) found.push(pitch);
  return found;
}

/** The option of least cost; the first of equals. */
export function least(options, cost) {
  return options.reduce(
    (best, option) => {
      const value = cost(option);
      return value < best.value ? { option, value } : best;
    },
    { option: undefined, value: Infinity },
  ).option;
}
