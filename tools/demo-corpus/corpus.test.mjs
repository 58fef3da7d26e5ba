import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readMidi } from '@rondo/tokenizer';
import { afterAll, describe, expect, it } from 'vitest';
import { buildCorpus, compileFile, pieceNames } from './build.mjs';

const names = pieceNames();
const compiled = names.map(compileFile);
const rows = compiled.map((result) => [result.piece.name, result]);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-corpus-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const seconds = ({ score, piece }) => ((score.endTick / score.ticksPerQuarter) * piece.tempo) / 1e6;

/** Melody notes on the strong beats of the bar, with the chord that is due there. */
function strongBeats({ piece, analysis }) {
  const halves = piece.meter === '4/4' || piece.meter === '6/8';
  return analysis.melody.flatMap(({ tick, pitch }) => {
    const inBar = tick % piece.barLength;
    const chord = analysis.spans.find((span) => span.tick <= tick && span.end > tick)?.chord;
    return chord && (inBar === 0 || (halves && inBar * 2 === piece.barLength)) ? [{ pitch, chord }] : [];
  });
}

/** Share of notes that do not sound alone when they are struck. */
function shareWithCompany(notes) {
  let sounding = [];
  let accompanied = 0;
  for (const note of [...notes].sort((a, b) => a.tick - b.tick)) {
    sounding = [...sounding.filter((other) => other.tick + other.duration > note.tick), note];
    if (sounding.length > 1) accompanied += 1;
  }
  return accompanied / notes.length;
}

describe('the demo corpus', () => {
  it('has at least 24 pieces in the common meters, in major and in minor', () => {
    const count = (test) => compiled.filter(({ piece }) => test(piece)).length;
    expect(names.length).toBeGreaterThanOrEqual(24);
    for (const meter of ['3/4', '4/4', '6/8'])
      expect(count((piece) => piece.meter === meter)).toBeGreaterThanOrEqual(5);
    expect(count((piece) => piece.key.mode === 'minor')).toBeGreaterThanOrEqual(8);
    expect(count((piece) => piece.key.mode === 'major')).toBeGreaterThanOrEqual(12);
    expect(count((piece) => piece.meter === '3/4' && piece.key.mode === 'minor')).toBeGreaterThan(0);
    expect(count((piece) => piece.meter === '6/8' && piece.key.mode === 'minor')).toBeGreaterThan(0);
  });

  it('has pieces of half a minute to some minutes', () => {
    for (const piece of compiled) expect(seconds(piece)).toBeLessThan(180);
    expect(compiled.filter((piece) => seconds(piece) >= 30).length).toBeGreaterThanOrEqual(0.9 * compiled.length);
  });

  it.each(rows)('%s is playable harmony, not a bare melody', (_, { score }) => {
    const notes = score.tracks.flatMap((track) => track.notes);
    expect(shareWithCompany(notes)).toBeGreaterThan(0.6);
    const odd = notes.filter(
      ({ tick, duration, pitch, velocity }) =>
        pitch < 29 || pitch > 96 || velocity < 16 || velocity > 126 || duration < 1 || tick + duration > score.endTick,
    );
    expect(odd).toEqual([]);
    expect(new Set(notes.map((note) => note.velocity)).size).toBeGreaterThan(5);
  });

  it.each(rows)('%s strikes no key that already sounds', (_, { score }) => {
    const struckTwice = score.tracks.flatMap((track) => {
      const busy = new Map();
      return track.notes.filter(({ tick, duration, pitch }) => {
        const sounds = (busy.get(pitch) ?? 0) > tick;
        busy.set(pitch, tick + duration);
        return sounds;
      });
    });
    expect(struckTwice).toEqual([]);
  });

  const withChords = compiled.filter((piece) => strongBeats(piece).length > 0);
  it.each(withChords.map((piece) => [piece.piece.name, piece]))(
    '%s has chord tones on its strong beats',
    (_, piece) => {
      const beats = strongBeats(piece);
      const fitting = beats.filter(({ pitch, chord }) => chord.tones.includes(pitch % 12)).length;
      expect(fitting / beats.length).toBeGreaterThanOrEqual(0.6);
    },
  );

  it.each(rows)('%s ends on its tonic', (_, { piece, score }) => {
    const tonic = (((piece.key.fifths * 7 + { major: 0, minor: 9, dorian: 2 }[piece.mode]) % 12) + 12) % 12;
    // Tunes that rest elsewhere: on the dominant, on the third above, in the parallel major.
    const allowed = { 'rising-sun': 4, sakura: 4, 'mountain-king': 2, 'we-three-kings': 7 }[piece.name];
    const notes = score.tracks.flatMap((track) => track.notes);
    const end = Math.max(...notes.map((note) => note.tick + note.duration));
    const lowest =
      Math.min(...notes.filter((note) => note.tick + note.duration === end).map((note) => note.pitch)) % 12;
    expect(lowest).toBe(allowed ?? tonic);
  });

  it('is written as MIDI files that read back note for note, the same bytes each time', async () => {
    expect(await buildCorpus(folder)).toBe(names.length);
    const again = path.join(folder, 'again');
    await buildCorpus(again);
    for (const [index, name] of names.entries()) {
      const bytes = fs.readFileSync(path.join(folder, `${name}.mid`));
      expect(Buffer.compare(bytes, fs.readFileSync(path.join(again, `${name}.mid`)))).toBe(0);
      const { score } = compiled[index];
      const read = readMidi(new Uint8Array(bytes));
      expect(read.tracks.map((track) => track.notes)).toEqual(score.tracks.map((track) => track.notes));
      expect([read.timeSignatures, read.tempos, read.keySignatures]).toEqual([
        score.timeSignatures,
        score.tempos,
        score.keySignatures,
      ]);
    }
  });
});
