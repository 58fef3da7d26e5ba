import toneMidi from '@tonejs/midi';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MidiError } from '../errors.js';
import type { Score } from '../score/score.js';
import { readMidiWithReport } from './read-midi.js';
import { writeMidi } from './write-midi.js';

const DATA = process.env.RONDO_CHECK_DATA;

function files(folder: string): { name: string; bytes: Uint8Array }[] {
  const path = join(DATA ?? '', folder);
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.(mid|rmi)$/i.test(name))
    .map((name) => ({ name, bytes: readFileSync(join(path, name)) }));
}

/** All notes as sorted lines, to compare readers that split tracks differently. */
function noteLines(notes: readonly { tick: number; duration: number; pitch: number; velocity: number }[]): string[] {
  return notes.map(({ tick, duration, pitch, velocity }) => `${tick} ${duration} ${pitch} ${velocity}`).sort();
}

function toneNotes(bytes: Uint8Array): string[] {
  const { tracks } = new toneMidi.Midi(bytes);
  const notes = tracks.flatMap((track) => track.notes);
  return noteLines(
    notes.map(({ ticks, durationTicks, midi, velocity }) => ({
      tick: ticks,
      duration: Math.max(1, durationTicks),
      pitch: midi,
      velocity: Math.round(velocity * 127),
    })),
  );
}

/** A line without its duration. */
const startOf = (line: string) => line.replace(/ \d+/, '');
const ourNotes = (score: Score) => noteLines(score.tracks.flatMap((track) => track.notes));

describe.skipIf(!DATA)('real files (needs RONDO_CHECK_DATA: the folder of test music)', () => {
  it('odd files are read, or refused with one of the known reasons', () => {
    const codes = new Map<string, number>();
    for (const { bytes } of files('odd-midi')) {
      let code = 'ok';
      try {
        const { score } = readMidiWithReport(bytes);
        expect(ourNotes(readMidiWithReport(writeMidi(score)).score)).toHaveLength(ourNotes(score).length);
      } catch (error) {
        if (!(error instanceof MidiError)) throw error;
        code = error.code;
      }
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(Object.fromEntries(codes)).toEqual({
      ok: 87,
      RONDO_MIDI_NO_NOTES: 6,
      RONDO_MIDI_EMPTY: 1,
      RONDO_MIDI_HEADER: 1,
    });
  });

  it.each(['tutorial-midi', 'multi-instrument'])(
    '%s: @tonejs/midi hears no note that we do not, and nearly always the same',
    (folder) => {
      let compared = 0;
      let equal = 0;
      for (const { name, bytes } of files(folder)) {
        const { score, warnings } = readMidiWithReport(bytes);
        if (warnings.length > 0) continue;
        compared++;
        const [ours, theirs] = [ourNotes(score), toneNotes(bytes)];
        if (ours.join() === theirs.join()) equal++;
        // It loses notes that sound across a program change, and takes note-offs from before a note of the
        // same tick; but it must not hear a note that we do not.
        const starts = new Set(ours.map(startOf));
        expect(
          theirs.filter((note) => !starts.has(startOf(note))),
          name,
        ).toEqual([]);
      }
      expect(compared).toBeGreaterThan(35);
      expect(equal / compared).toBeGreaterThan(0.9);
    },
  );
});
