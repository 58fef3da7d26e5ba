import { describe, expect, it } from 'vitest';
import { MidiError } from '../errors.js';
import { readMidi, readMidiWithReport } from './read-midi.js';
import type { ReadMidiOptions } from './limits.js';
import { ascii, chunk, midiFile, off, on, oneNote, pedal, track, vlq } from './testing/midi-bytes.js';

function refusal(bytes: Uint8Array, options?: ReadMidiOptions): string {
  try {
    readMidi(bytes, options);
  } catch (error) {
    if (!(error instanceof MidiError)) throw error;
    expect(error.message).not.toContain('\n');
    return `${error.code}: ${error.message}`;
  }
  return 'read';
}

describe('files that are refused, each with its reason', () => {
  const good = midiFile({}, oneNote(), oneNote(62));

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'RONDO_MIDI_EMPTY: the file is empty (0 bytes)'],
    [
      'text with a wrong name',
      Uint8Array.from(ascii('Dear diary, today I')),
      'RONDO_MIDI_NOT_MIDI: not a MIDI file: it should begin with "MThd" but is text that begins with "Dear diary, toda"',
    ],
    [
      'a gzip file',
      Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3),
      'RONDO_MIDI_NOT_MIDI: not a MIDI file: it should begin with "MThd" but is gzip-compressed (unpack it first)',
    ],
    ['a cut header', good.subarray(0, 9), 'RONDO_MIDI_TRUNCATED: the file is cut within its header (9 bytes)'],
    ['a cut track', good.subarray(0, 45), 'RONDO_MIDI_TRUNCATED: the file is cut in the middle of track 2 of 2'],
    ['no track', good.subarray(0, 14), 'RONDO_MIDI_NO_TRACKS: the file has a MIDI header but no track'],
    [
      'SMPTE times',
      midiFile({ division: 0xe728 }, oneNote()),
      'RONDO_MIDI_SMPTE: the file is timed in SMPTE frames (25 a second) and has no beats; save it with ticks per quarter note',
    ],
    ['no notes', midiFile({}, track()), 'RONDO_MIDI_NO_NOTES: the file has no notes'],
    [
      'division 0',
      midiFile({ division: 0 }, oneNote()),
      'RONDO_MIDI_HEADER: the MIDI header gives 0 ticks per quarter note',
    ],
    [
      'an unknown format',
      midiFile({ format: 7 }, oneNote()),
      'RONDO_MIDI_HEADER: the MIDI header is not valid: length 6 (expected 6), format 7 (expected 0, 1 or 2)',
    ],
    [
      'absurd length',
      midiFile({}, track(on(0, 60), off(0x0fffffff, 60))),
      'RONDO_MIDI_TOO_LONG: the piece lasts 2796203 quarter notes, more than the limit of 100000',
    ],
  ])('%s', (_, bytes, reason) => {
    expect(refusal(bytes)).toBe(reason);
  });

  it('too many bytes, tracks or notes', () => {
    expect(refusal(good, { maxTracks: 1 })).toBe('RONDO_MIDI_TOO_BIG: the file has 2 tracks, more than the limit of 1');
    expect(refusal(good, { maxBytes: 50 })).toMatch(
      /^RONDO_MIDI_TOO_BIG: the file has \d+ bytes, more than the limit of 50$/,
    );
    expect(refusal(good, { maxNotes: 1 })).toBe('RONDO_MIDI_TOO_MANY_NOTES: the file has more than 1 notes');
  });

  it('a cut file is salvaged on demand: whole notes stay, cut ones end with the data', () => {
    const { score, warnings } = readMidiWithReport(good.subarray(0, 47), { truncated: 'salvage' });
    expect(score.tracks.map((t) => t.notes[0].pitch)).toEqual([60, 62]);
    expect(warnings[0]).toBe('track 2 of 2: the file is shorter than the track claims');
  });

  it('a wrong chunk length alone is no reason to refuse', () => {
    const data = [...on(0, 60), ...off(96, 60), 0, 0xff, 0x2f, 0];
    expect(refusal(midiFile({}, chunk('MTrk', data, 5000)))).toBe('read');
  });

  it('an absurdly late end of track shortens the piece, not its notes', () => {
    const bytes = midiFile({}, chunk('MTrk', [...on(0, 60), ...off(96, 60), ...vlq(0x0fffffff), 0xff, 0x2f, 0]));
    expect(readMidi(bytes).endTick).toBe(96);
  });

  it('nor does it leave the pedal down beyond the piece', () => {
    const late = [...vlq(0x0fffffff), 0xb0, 64, 0, 0, 0xb0, 64, 127, 0, 0xff, 0x2f, 0];
    const score = readMidi(midiFile({}, chunk('MTrk', [...pedal(0, 127), ...on(0, 60), ...off(96, 60), ...late])));
    expect(score.tracks[0].pedals).toEqual([{ tick: 0, duration: 96 }]);
    expect(score.endTick).toBe(96);
  });

  it('percussion alone is a valid Score', () => {
    expect(readMidi(midiFile({}, oneNote(36, 9))).tracks[0].isDrum).toBe(true);
  });
});
