// Accompaniment patterns. A pattern is one bar, as layers that sound together; a layer is a list of strokes with lengths:
//   B bass   F fifth in the bass   C three-note chord   D bass and open fifth   1 2 3 single tones of the chord   - rest
import { placeBass, placeFifth, placeVoicing } from './chords.mjs';
import { ticksPerQuarter } from './music-line.mjs';

const eighth = ticksPerQuarter / 2;
const quarter = ticksPerQuarter;
const pattern = (unit, ...layers) => ({ unit, layers: layers.map((layer) => layer.split(' ')) });

/** style → meter → pattern. */
const patterns = {
  block: {
    '4/4': pattern(quarter, 'B2 B2', 'C2 C2'),
    '3/4': pattern(quarter, 'B3', 'C3'),
    '6/8': pattern(eighth, 'B3 B3', 'C3 C3'),
    '2/4': pattern(quarter, 'B2', 'C2'),
  },
  march: {
    '4/4': pattern(quarter, 'B C F C'),
    '2/4': pattern(eighth, 'B C F C'),
  },
  ballad: {
    '4/4': pattern(quarter, 'B2 F2', '- C - C'),
    '3/4': pattern(quarter, 'B3', '- C2'),
    '6/8': pattern(eighth, 'B3 F3', '- C2 - C2'),
  },
  waltz: {
    '3/4': pattern(quarter, 'B C C'),
    '6/8': pattern(eighth, 'B C C F C C'),
  },
  jig: {
    '6/8': pattern(eighth, 'B2 C F2 C'),
  },
  alberti: {
    '4/4': pattern(eighth, '1 3 2 3 1 3 2 3'),
    '3/4': pattern(eighth, '1 3 2 3 2 3'),
    '2/4': pattern(eighth, '1 3 2 3'),
  },
  arpeggio: {
    '4/4': pattern(eighth, 'B 1 2 3 F 1 2 3'),
    '3/4': pattern(eighth, 'B 1 2 3 2 1'),
    '6/8': pattern(eighth, 'B 1 2 3 2 1'),
    '2/4': pattern(eighth, 'B 1 2 3'),
  },
  drone: {
    '4/4': pattern(quarter, 'D2 D2'),
    '6/8': pattern(eighth, 'D3 D3'),
    '3/4': pattern(quarter, 'D3'),
  },
  offbeat: {
    '2/4': pattern(eighth, 'B C C C'),
    '4/4': pattern(eighth, 'B C B C F C B C'),
  },
};

export const styleNames = [...Object.keys(patterns), 'hymn', 'broken', 'none'];

/** True where a style has a pattern for a meter (or needs none). */
export function hasPattern(style, meter) {
  return ['hymn', 'broken', 'none'].includes(style) || patterns[style]?.[meter] !== undefined;
}

/**
 * The accompaniment of one bar. `chordAt(tick)` gives the chord of a tick of the bar, `ceilingAt(from, to)` the lowest melody
 * note of a span; `memory` carries bass and voicing from bar to bar.
 */
export function accompany(style, meter, chordAt, ceilingAt, memory) {
  const { unit, layers } = patterns[style][meter];
  return strokes(layers, unit).flatMap((stroke) => {
    const chord = chordAt(stroke.tick);
    if (!chord) return [];
    const fresh = memory.chord !== chord;
    if (fresh) take(memory, chord, ceilingAt(stroke.tick, stroke.tick + stroke.duration));
    // A new chord begins on its own bass, whatever the pattern has there.
    const kinds = fresh ? stroke.kinds.map((kind) => (kind === 'F' ? 'B' : kind)) : stroke.kinds;
    const pitches = kinds.flatMap((kind) => pitchesOf(kind, memory));
    if (fresh && !kinds.some((kind) => 'BD1'.includes(kind))) pitches.unshift(memory.bass);
    return [...new Set(pitches)].map((pitch) => ({ tick: stroke.tick, duration: stroke.duration, pitch }));
  });
}

/** Strokes of all layers in time order; those that begin together and last alike are one. */
function strokes(layers, unit) {
  const found = new Map();
  for (const layer of layers) {
    let at = 0;
    for (const item of layer) {
      const length = Number(item.slice(1) || 1);
      const key = `${at}:${length}`;
      const known = found.get(key) ?? { tick: at * unit, duration: length * unit, kinds: [] };
      if (item[0] !== '-') found.set(key, { ...known, kinds: [...known.kinds, item[0]] });
      at += length;
    }
  }
  return [...found.values()].sort((a, b) => a.tick - b.tick || b.duration - a.duration);
}

function take(memory, chord, ceiling) {
  memory.chord = chord;
  memory.bass = placeBass(chord, memory.bass);
  memory.fifth = placeFifth(chord, memory.bass);
  memory.voicing = placeVoicing(chord, memory.voicing, ceiling);
}

function pitchesOf(kind, { bass, fifth, voicing }) {
  if (kind === 'B') return [bass];
  if (kind === 'F') return [fifth];
  if (kind === 'C') return voicing;
  if (kind === 'D') return [bass, fifth < bass ? fifth + 12 : fifth];
  return [voicing[Number(kind) - 1]];
}

/** The last chord of a piece: bass and voicing, held. */
export function finalChord(chord, length, ceiling, memory) {
  take(memory, chord, ceiling);
  return [memory.bass, ...memory.voicing].map((pitch) => ({ tick: 0, duration: length, pitch }));
}

/** A spelled-out chord in the manner of a keyboard prelude: two low notes held, the three above them broken. */
export function broken(pitches, length) {
  const half = length / 2;
  const step = half / 8;
  const [low, second, ...upper] = pitches;
  return [0, half].flatMap((start) => [
    { tick: start, duration: half, pitch: low },
    { tick: start + step, duration: half - step, pitch: second },
    ...[...upper, ...upper].map((pitch, index) => ({ tick: start + (index + 2) * step, duration: step, pitch })),
  ]);
}
