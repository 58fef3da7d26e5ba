// One line of music: letters, accidentals, octave marks and lengths, bars between strokes. See corpus/README.md.

export const ticksPerQuarter = 480;

/** What is wrong with a piece: `where` names the piece and the bar. */
export class CorpusError extends Error {
  constructor(where, problem) {
    super(`${where}: ${problem}`);
    this.name = 'CorpusError';
  }
}

const semitones = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const sharpOrder = ['F', 'C', 'G', 'D', 'A', 'E', 'B'];
const tokenPattern =
  /\s*(?:(?<tuplet>\(3)|(?<chord>\[[^\]]+\])|(?<note>(?:\^|_|=)?[A-Ga-g][,']*)|(?<rest>z))(?<length>[0-9]*(?:\/[0-9]*)*)(?<tie>-?)(?<dot>[<>]?)\s*/y;

/** Letters that the key signature alters: letter → -1 or 1. */
export function signatureOf(fifths) {
  const letters = fifths >= 0 ? sharpOrder.slice(0, fifths) : [...sharpOrder].reverse().slice(0, -fifths);
  return Object.fromEntries(letters.map((letter) => [letter, Math.sign(fifths)]));
}

/**
 * Bars of a line. Each is `{ notes: [{ tick, duration, pitches, tied }], length }` in ticks from its start; the first entry is
 * the upbeat, whose length is 0 where the line begins with a stroke.
 */
export function readBars(text, { unit, signature, octave, where }) {
  const parts = text.trim().split('|');
  if (parts.length > 1 && parts[parts.length - 1].trim() === '') parts.pop();
  return parts.map((part, index) => readBar(part, { unit, signature, octave, where: `${where}, bar ${index}` }));
}

function readBar(text, { unit, signature, octave, where }) {
  const accidentals = new Map();
  const notes = [];
  let tick = 0;
  let tuplet = 0;
  let stretch = 1;
  tokenPattern.lastIndex = 0;
  const content = text.trim();
  while (tokenPattern.lastIndex < content.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(content);
    if (!match) throw new CorpusError(where, `cannot read "${content.slice(at)}"`);
    const { tuplet: opens, chord, note, length, tie, dot } = match.groups;
    if (opens) {
      tuplet = 3;
      continue;
    }
    // a>b: the first takes half of the second's length; a<b the other way round.
    const dotted = dot === '>' ? 1.5 : dot === '<' ? 0.5 : 1;
    const duration = unit * lengthOf(length) * dotted * stretch * (tuplet > 0 ? 2 / 3 : 1);
    if (!Number.isInteger(duration)) throw new CorpusError(where, `a length in "${match[0].trim()}" is no whole tick`);
    stretch = 2 - dotted;
    tuplet = Math.max(0, tuplet - 1);
    const names = chord ? chord.slice(1, -1).match(/(?:\^|_|=)?[A-Ga-g][,']*/g) : note ? [note] : [];
    const pitches = names.map((name) => pitchOf(name, signature, accidentals) + 12 * octave);
    if (pitches.length > 0) notes.push({ tick, duration, pitches, tied: tie === '-' });
    tick += duration;
  }
  return { notes, length: tick };
}

function lengthOf(text) {
  if (text === '') return 1;
  const [whole, ...rest] = text.split('/');
  let value = whole === '' ? 1 : Number(whole);
  for (const part of rest) value /= part === '' ? 2 : Number(part);
  return value;
}

/** MIDI key of a note name; an accidental holds until the end of the bar. */
function pitchOf(name, signature, accidentals) {
  const [, sign, letter, marks] = /^(\^|_|=)?([A-Ga-g])([,']*)$/.exec(name);
  const upper = letter.toUpperCase();
  let octave = letter === upper ? 4 : 5;
  for (const mark of marks) octave += mark === "'" ? 1 : -1;
  const place = `${upper}${octave}`;
  if (sign) accidentals.set(place, { '^': 1, _: -1, '=': 0 }[sign]);
  const alteration = accidentals.get(place) ?? signature[upper] ?? 0;
  return 12 * (octave + 1) + semitones[upper] + alteration;
}

/** MIDI key of a name without signature, for spelled-out voicings. */
export function plainPitch(name) {
  return pitchOf(name, {}, new Map());
}
