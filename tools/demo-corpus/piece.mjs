// A piece's text → bars with notes and chords, every bar checked against the meter.
import { readChord } from './chords.mjs';
import { CorpusError, plainPitch, readBars, signatureOf, ticksPerQuarter } from './music-line.mjs';
import { readPieceText } from './piece-text.mjs';
import { hasPattern } from './styles.mjs';

const majorFifths = { C: 0, G: 1, D: 2, A: 3, E: 4, B: 5, 'F#': 6, F: -1, Bb: -2, Eb: -3, Ab: -4, Db: -5 };
const modeShift = { major: 0, minor: -3, dorian: -2, mixolydian: -1 };
/** Voices and the octave they are written in: tenor and bass sound an octave lower. */
const octaves = { m: 0, d: 0, t: -1, b: -1 };

/**
 * `{ name, title, meter, barLength, beat, tempo, key, canon, parts }`; a part is one item of the form:
 * `{ letter, style, level, count, upbeat, voices: { m: bars, … }, chords: bars }`.
 */
export function readPiece(text, name) {
  const { headers, form } = readPieceText(text, name);
  const meter = readMeter(headers.meter, name);
  const key = readKey(headers.key, name);
  const unit = ticksOf(headers.unit, name);
  const parts = form.map((item) => {
    if (!hasPattern(item.style, headers.meter))
      throw new CorpusError(name, `the style ${item.style} has no pattern for ${headers.meter}`);
    return readPart(item, { meter, key, unit, name });
  });
  checkJoints(parts, meter.barLength, name);
  return {
    name,
    title: headers.title,
    origin: headers.origin,
    mode: headers.key.split(' ')[1],
    meter: headers.meter,
    ...meter,
    key,
    tempo: readTempo(headers.tempo, name),
    canon: readCanon(headers.canon),
    parts,
  };
}

function ticksOf(fraction, name) {
  const [, above, below] = /^(\d+)\/(\d+)$/.exec(fraction) ?? [];
  if (!above) throw new CorpusError(name, `"${fraction}" is no note value such as 1/8`);
  return (Number(above) * 4 * ticksPerQuarter) / Number(below);
}

function readMeter(text, name) {
  const [numerator, denominator] = text.split('/').map(Number);
  const barLength = ticksOf(text, name);
  const compound = denominator === 8 && numerator % 3 === 0;
  const beat = compound ? 1.5 * ticksPerQuarter : (4 * ticksPerQuarter) / denominator;
  return { numerator, denominator, barLength, beat };
}

function readKey(text, name) {
  const [tonic, mode] = text.split(' ');
  if (majorFifths[tonic] === undefined || modeShift[mode] === undefined)
    throw new CorpusError(name, `"${text}" is no key such as "D minor"`);
  return {
    fifths: majorFifths[tonic] + modeShift[mode],
    mode: mode === 'minor' || mode === 'dorian' ? 'minor' : 'major',
  };
}

/** `3/8 = 60` → microseconds per quarter. */
function readTempo(text, name) {
  const [value, rate] = text.split('=').map((part) => part.trim());
  const quarters = ticksOf(value, name) / ticksPerQuarter;
  return Math.round(60e6 / (Number(rate) * quarters));
}

/** `2:-12 4:12` → later voices that repeat the melody, bars of delay and semitones. */
function readCanon(text = '') {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((item) => item.split(':').map(Number))
    .map(([delay, shift]) => ({ delay, shift }));
}

function readPart({ letter, section, style, level }, { meter, key, unit, name }) {
  const where = `${name}, section ${letter}`;
  const signature = signatureOf(key.fifths);
  const voices = {};
  for (const [voice, octave] of Object.entries(octaves)) {
    if (section.lines[voice] === undefined) continue;
    voices[voice] = readBars(section.lines[voice], { unit, signature, octave, where: `${where}, voice ${voice}` });
  }
  const chords = readChordBars(section.lines.c ?? '', meter, where);
  const count = Math.max(...Object.values(voices).map((bars) => bars.length - 1), chords.length);
  const upbeat = Math.max(0, ...Object.values(voices).map((bars) => bars[0].length));
  checkBars(voices, count, upbeat, meter.barLength, where);
  if (section.lines.c !== undefined && chords.length !== count)
    throw new CorpusError(where, `${chords.length} bars of chords for ${count} bars of music`);
  return { letter, style, level, count, upbeat, voices, chords };
}

/** Every inner bar is whole in every voice; the last may leave room for an upbeat (checked at the joints). */
function checkBars(voices, count, upbeat, barLength, where) {
  for (const [voice, bars] of Object.entries(voices)) {
    if (bars.length - 1 !== count)
      throw new CorpusError(where, `voice ${voice} has ${bars.length - 1} bars, another ${count}`);
    if (bars[0].length !== 0 && bars[0].length !== upbeat)
      throw new CorpusError(where, `voice ${voice} has another upbeat than the others`);
    bars.forEach((bar, index) => {
      const last = index === count;
      const fits = index === 0 || bar.length === barLength || (last && bar.length < barLength);
      if (!fits) throw new CorpusError(`${where}, voice ${voice}, bar ${index}`, misfit(bar.length, barLength));
    });
  }
}

function misfit(length, barLength) {
  const quarters = (ticks) => `${ticks / ticksPerQuarter} quarters`;
  return `adds up to ${quarters(length)}, the meter asks for ${quarters(barLength)}`;
}

/** The end of every part and the upbeat of the next one make one bar; the piece's own upbeat completes its last bar. */
function checkJoints(parts, barLength, name) {
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    for (const [voice, bars] of Object.entries(part.voices)) {
      const upbeat = next ? (next.voices[voice]?.[0].length ?? next.upbeat) : parts[0].upbeat;
      const last = bars[bars.length - 1].length;
      const whole = last + upbeat === barLength || (!next && last === barLength);
      const where = `${name}, section ${part.letter}, voice ${voice}, bar ${part.count}`;
      if (!whole) throw new CorpusError(where, `${misfit(last + upbeat, barLength)} (with the upbeat that follows)`);
    }
  });
}

/** Bars of `[{ tick, chord }]`; a bar without symbols goes on with the chord before. */
function readChordBars(text, { barLength, beat }, where) {
  const parts = text.trim().split('|').slice(1);
  if (parts.length > 0 && parts[parts.length - 1].trim() === '') parts.pop();
  return parts.map((part, index) => {
    const here = `${where}, chords, bar ${index + 1}`;
    const items = part.match(/<[^>]+>|\S+/g) ?? [];
    const length = items.length === 0 ? barLength : barLength / items.length;
    if (items.length > 1 && length % (beat / 3) !== 0 && length % (beat / 2) !== 0)
      throw new CorpusError(here, `${items.length} chords do not divide the bar evenly`);
    return items
      .map((item, place) => ({ tick: place * length, chord: item === '.' ? undefined : readSymbol(item, here) }))
      .filter(({ chord }) => chord !== undefined);
  });
}

function readSymbol(item, where) {
  if (!item.startsWith('<')) return readChord(item, where);
  const pitches = item.slice(1, -1).trim().split(/\s+/).map(plainPitch);
  const tones = [...new Set(pitches.map((pitch) => pitch % 12))];
  return { symbol: item, root: tones[0], bass: tones[0], tones, pitches };
}
