// A piece → a Score: the melody's track, the accompaniment's track, and one more for each voice of a canon.
import { velocityOf } from './dynamics.mjs';
import { harmonise } from './hymn.mjs';
import { CorpusError, ticksPerQuarter } from './music-line.mjs';
import { readPiece } from './piece.mjs';
import { accompany, broken, finalChord } from './styles.mjs';

/** Compiles the text of a piece. `{ piece, score, analysis }`: analysis has the chord of every span, for the tests. */
export function compilePiece(text, name) {
  const piece = readPiece(text, name);
  const bars = timeline(piece);
  const melody = voiceNotes(piece, 'm');
  const spans = chordSpans(piece, bars);
  const hands = [
    [...dress(piece, bars, melody, 'melody'), ...dress(piece, bars, voiceNotes(piece, 'd'), 'second')],
    [
      ...dress(piece, bars, voiceNotes(piece, 't'), 'second'),
      ...dress(piece, bars, voiceNotes(piece, 'b'), 'bass'),
      ...accompaniment(piece, bars, melody, spans),
    ],
  ];
  const end = bars.length * piece.barLength;
  const followers = piece.canon.map(({ delay, shift }) =>
    dress(piece, bars, follow(melody, delay * piece.barLength, shift, end - piece.barLength), 'second'),
  );
  const names = ['Right hand', 'Left hand', ...piece.canon.map((_, index) => `Voice ${index + 2}`)];
  const tracks = [...hands, ...followers]
    .map((notes, index) => track(names[index], notes))
    .filter(({ notes }) => notes.length > 0);
  return { piece, score: scoreOf(piece, tracks, end), analysis: { melody, spans, bars: bars.length } };
}

function scoreOf(piece, tracks, endTick) {
  return {
    ticksPerQuarter,
    tempos: [{ tick: 0, microsecondsPerQuarter: piece.tempo }],
    timeSignatures: [{ tick: 0, numerator: piece.numerator, denominator: piece.denominator }],
    keySignatures: [{ tick: 0, ...piece.key }],
    tracks,
    endTick,
  };
}

function track(name, notes) {
  return { name, program: 0, isDrum: false, notes: separate(notes), pedals: [] };
}

/** One key sounds once: unisons of two voices become one note, and a note ends where its key is struck again. */
function separate(notes) {
  const sorted = [...notes].sort((a, b) => a.tick - b.tick || a.pitch - b.pitch || b.duration - a.duration);
  const kept = sorted.filter((note, index) => {
    const before = sorted[index - 1];
    return !before || before.tick !== note.tick || before.pitch !== note.pitch;
  });
  const next = new Map();
  for (let index = kept.length - 1; index >= 0; index -= 1) {
    const note = kept[index];
    const stroke = next.get(note.pitch) ?? Infinity;
    kept[index] = { ...note, duration: Math.min(note.duration, stroke - note.tick) };
    next.set(note.pitch, note.tick);
  }
  return kept;
}

/** One entry per bar of the played piece, the upbeat's bar (number 0) first where there is one. */
function timeline({ parts }) {
  const bars = parts[0].upbeat > 0 ? [{ part: parts[0], index: 0, upbeat: true }] : [];
  for (const part of parts) for (let index = 1; index <= part.count; index += 1) bars.push({ part, index });
  return bars;
}

/** All notes of a written voice over the whole form, ties joined: `{ tick, duration, pitch }`. */
function voiceNotes(piece, voice) {
  const { parts, barLength } = piece;
  let start = parts[0].upbeat > 0 ? barLength : 0;
  const notes = [];
  const open = new Map();
  for (const part of parts) {
    (part.voices[voice] ?? []).forEach((bar, index) => {
      const origin = index === 0 ? start - bar.length : start + (index - 1) * barLength;
      for (const { tick, duration, pitches, tied } of bar.notes) {
        for (const pitch of pitches) {
          const held = open.get(pitch);
          if (held && held.tick + held.duration === origin + tick) held.duration += duration;
          else notes.push({ tick: origin + tick, duration, pitch });
          if (tied) open.set(pitch, held ?? notes[notes.length - 1]);
          else open.delete(pitch);
        }
      }
    });
    start += part.count * barLength;
  }
  return notes;
}

/** A later voice of a canon; it leaves the last bar to the final chord. */
function follow(melody, delay, shift, end) {
  return melody
    .map((note) => ({ tick: note.tick + delay, duration: note.duration, pitch: note.pitch + shift }))
    .filter((note) => note.tick + note.duration <= end);
}

/** Chord of every span of the played piece: `[{ tick, end, chord }]`. */
function chordSpans({ barLength }, bars) {
  const spans = [];
  bars.forEach(({ part, index, upbeat }, bar) => {
    for (const { tick, chord } of upbeat ? [] : (part.chords[index - 1] ?? [])) {
      const at = bar * barLength + tick;
      if (spans.length > 0) spans[spans.length - 1].end = at;
      spans.push({ tick: at, end: Infinity, chord });
    }
  });
  if (spans.length > 0) spans[spans.length - 1].end = bars.length * barLength;
  return spans;
}

function accompaniment(piece, bars, melody, spans) {
  const memory = {};
  const { barLength } = piece;
  const notes = [];
  bars.forEach(({ part, upbeat }, bar) => {
    const origin = bar * barLength;
    if (upbeat || part.style === 'none' || part.style === 'hymn' || spans.length === 0) return;
    const inside = spans.filter((span) => span.tick < origin + barLength && span.end > origin);
    const chordAt = (tick) => inside.find((span) => span.end > origin + tick && span.tick <= origin + tick)?.chord;
    const ceilingAt = (from, to) => lowest(melody, origin + from, origin + to);
    const last = bar === bars.length - 1;
    const made = barNotes({ piece, part, last, origin, inside, chordAt, ceilingAt, memory });
    notes.push(...made.map((note) => ({ ...note, tick: note.tick + origin })));
  });
  return [...dressChords(piece, bars, notes), ...dressChords(piece, bars, hymnNotes(piece, bars, melody, spans))];
}

function barNotes({ piece, part, last, origin, inside, chordAt, ceilingAt, memory }) {
  const chord = chordAt(0);
  if (part.style === 'broken') {
    if (!chord?.pitches) throw new CorpusError(piece.name, 'the style broken needs spelled-out chords <C E G c e>');
    return last
      ? chord.pitches.map((pitch) => ({ tick: 0, duration: piece.barLength, pitch }))
      : broken(chord.pitches, piece.barLength);
  }
  const notes = accompany(part.style, piece.meter, chordAt, ceilingAt, memory);
  return last ? closeBar(notes, piece.barLength, inside, origin, ceilingAt, memory) : notes;
}

/** In the last bar the last chord is struck once and rings. */
function closeBar(notes, barLength, inside, origin, ceilingAt, memory) {
  const span = inside[inside.length - 1];
  const from = Math.max(0, span.tick - origin);
  const before = notes.filter((note) => note.tick < from);
  const ring = finalChord(span.chord, barLength - from, ceilingAt(from, barLength), memory);
  return [
    ...before.map((note) => ({ ...note, duration: Math.min(note.duration, from - note.tick) })),
    ...ring.map((note) => ({ ...note, tick: from })),
  ];
}

function lowest(melody, from, to) {
  const sounding = melody.filter((note) => note.tick < to && note.tick + note.duration > from);
  return sounding.reduce((least, note) => Math.min(least, note.pitch), 72);
}

/** The lower voices of the parts in hymn style: they move with the melody's beats and with the chords. */
function hymnNotes({ barLength, beat }, bars, melody, spans) {
  const isHymn = (tick) => bars[Math.floor(tick / barLength)]?.part.style === 'hymn';
  const starts = new Set(spans.map((span) => span.tick));
  for (const note of melody) if (note.tick % beat === 0) starts.add(note.tick);
  const moments = [...starts]
    .sort((a, b) => a - b)
    .filter(isHymn)
    .flatMap((tick) => {
      const chord = spans.find((span) => span.tick <= tick && span.end > tick)?.chord;
      const soprano = melody.find((note) => note.tick <= tick && note.tick + note.duration > tick)?.pitch;
      return chord && soprano ? [{ tick, soprano, chord }] : [];
    });
  if (moments.length === 0) return [];
  const end = bars.length * barLength;
  moments.forEach((moment, index) => {
    const stop = melodyEnd(melody, moment.tick);
    moment.duration = Math.min(moments[index + 1]?.tick ?? end, Math.max(stop, moment.tick + beat)) - moment.tick;
  });
  return harmonise(moments);
}

function melodyEnd(melody, tick) {
  return melody.reduce(
    (end, note) => (note.tick <= tick && note.tick + note.duration > tick ? note.tick + note.duration : end),
    tick,
  );
}

function dress(piece, bars, notes, part) {
  const { barLength, beat } = piece;
  return notes.map((note) => {
    const bar = Math.floor(note.tick / barLength);
    const { level } = bars[bar].part;
    const velocity = velocityOf({ level, part, bar, tick: note.tick % barLength, barLength, beat });
    return { ...note, velocity };
  });
}

/** Bass and chords apart: the lowest note of a stroke carries. */
function dressChords(piece, bars, notes) {
  const bass = new Map();
  for (const { tick, pitch } of notes) bass.set(tick, Math.min(bass.get(tick) ?? Infinity, pitch));
  return notes.flatMap((note) =>
    dress(piece, bars, [note], bass.get(note.tick) === note.pitch && note.pitch < 55 ? 'bass' : 'chords'),
  );
}
