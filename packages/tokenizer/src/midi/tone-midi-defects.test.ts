import toneMidi from '@tonejs/midi';
import { describe, expect, it } from 'vitest';
import { TempoMap } from '../score/tempo-map.js';
import { MidiError } from '../errors.js';
import { noteTable } from '../table/note-table.js';
import { readMidi, readMidiWithReport } from './read-midi.js';
import { ascii, meta, midiFile, off, on, oneNote, program, tempo, track, vlq } from './testing/midi-bytes.js';
import { writeMidi } from './write-midi.js';

describe('defects of @tonejs/midi 2.0.28 that do not reach the user', () => {
  const seconds = (bytes: Uint8Array) => {
    const score = readMidi(bytes);
    return TempoMap.of(score).seconds(score.tracks[0].notes[0].tick);
  };

  const theirs = (bytes: Uint8Array) => new toneMidi.Midi(bytes);

  it('wrong seconds where the first tempo comes after tick 0: it is 120 quarters a minute before it', () => {
    const bytes = midiFile({}, track(tempo(96, 1_000_000), on(96, 60), off(96, 60)));
    expect(seconds(bytes)).toBe(1.5);
    expect(theirs(bytes).tracks[0].notes[0].time).not.toBe(1.5);
  });

  it('minor keys read with the tonic of the major one', () => {
    const bytes = midiFile({}, track(meta(0, 0x59, [0xfd, 1]), on(0, 60), off(96, 60)));
    expect(readMidi(bytes).keySignatures).toEqual([{ tick: 0, fifths: -3, mode: 'minor' }]);
    const { key, scale } = theirs(bytes).header.keySignatures[0];
    expect(`${key} ${scale}`).toBe('Eb minor'); // the tonic of the major key: it is C minor
  });

  it('written keys read back as undefined: ours come back, all thirty of them', () => {
    const plain = readMidi(midiFile({}, oneNote()));
    for (const mode of ['major', 'minor'] as const) {
      for (let fifths = -7; fifths <= 7; fifths += 1) {
        const keySignatures = [{ tick: 0, fifths, mode }];
        expect(readMidi(writeMidi({ ...plain, keySignatures })).keySignatures).toEqual(keySignatures);
      }
    }
    const written = new toneMidi.Midi();
    written.header.keySignatures.push({ key: 'D', scale: 'minor', ticks: 0 });
    written.addTrack().addNote({ midi: 60, ticks: 0, durationTicks: 10 });
    expect(theirs(written.toArray()).header.keySignatures[0]?.key).not.toBe('D');
  });

  it('an SMPTE division that gives NaN times without a word: refused by name, or converted where that is asked for', () => {
    const bytes = midiFile({ division: 0xe728 }, track(on(0, 60), off(1000, 60)));
    expect(Number.isFinite(theirs(bytes).tracks[0].notes[0].duration)).toBe(false);
    expect(() => readMidi(bytes)).toThrow(expect.objectContaining({ code: 'RONDO_MIDI_SMPTE' }));
    expect(noteTable(readMidi(bytes, { smpte: 'convert' }))[0].end).toBeCloseTo(1, 12);
  });

  it('a duration of minus infinity for a file without events: refused, because it has no notes', () => {
    expect(new toneMidi.Midi().duration).toBe(-Infinity);
    expect(() => readMidi(midiFile({}, track()))).toThrow(expect.objectContaining({ code: 'RONDO_MIDI_NO_NOTES' }));
  });

  it('strings that are thrown: every refusal is a MidiError with a code', () => {
    const broken = [new Uint8Array(), Uint8Array.of(1, 2, 3), midiFile({}, oneNote()).subarray(0, 20), midiFile({})];
    const thrownBy = (read: (bytes: Uint8Array) => unknown) =>
      broken.map((bytes) => {
        try {
          return read(bytes);
        } catch (error) {
          return error;
        }
      });
    expect(thrownBy(theirs).some((error) => typeof error === 'string')).toBe(true);
    for (const error of thrownBy(readMidi)) {
      expect(error).toBeInstanceOf(MidiError);
      expect((error as MidiError).code).toMatch(/^RONDO_MIDI_/);
    }
  });

  it('notes out of range in damaged files: bytes above 127 are no keys and no velocities', () => {
    const bytes = midiFile({}, track([0, 0x90, 200, 90], [10, 0x90, 60, 255], on(0, 62), off(96, 62), off(0, 60)));
    const wild = theirs(bytes).tracks.flatMap((part) => part.notes);
    for (const { tracks } of [readMidi(bytes)]) {
      for (const { pitch, velocity } of tracks.flatMap((part) => part.notes)) {
        expect(pitch >= 0 && pitch <= 127 && velocity >= 1 && velocity <= 127).toBe(true);
      }
    }
    expect(wild.every(({ midi, velocity }) => midi <= 127 && velocity <= 1)).toBe(false);
  });

  it('notes without note-off sound to the end of their track', () => {
    const bytes = midiFile({}, track(on(0, 60), on(96, 62), off(96, 62), on(0, 64), off(96, 64)));
    const { score, warnings } = readMidiWithReport(bytes);
    expect(score.tracks[0].notes[0]).toEqual({ tick: 0, duration: 288, pitch: 60, velocity: 80 });
    expect(warnings[0]).toMatch(/^1 notes have no note-off/);
    expect(new toneMidi.Midi(bytes).tracks[0].notes).toHaveLength(2);
  });

  it('a key struck again without a note-off between ends the note before, so that nothing hangs', () => {
    const bytes = midiFile({}, track(on(0, 60), on(96, 60), off(96, 60), on(960, 72), off(96, 72)));
    expect(readMidi(bytes).tracks[0].notes.map((n) => n.duration)).toEqual([96, 96, 96]);
  });

  it('a note that sounds across a program change is not lost', () => {
    const bytes = midiFile({}, track(on(0, 60), program(48, 40), off(48, 60)));
    expect(readMidi(bytes).tracks[0].notes).toEqual([{ tick: 0, duration: 96, pitch: 60, velocity: 80 }]);
    expect(new toneMidi.Midi(bytes).tracks.flatMap((part) => part.notes)).toEqual([]);
  });

  it('note pairing is linear: 150,000 notes, which would take it a quarter of a minute', () => {
    const notes = Array.from({ length: 150_000 }, (_, i) => ({ tick: i, duration: 64, pitch: i % 128, velocity: 80 }));
    const part = { name: '', program: 0, isDrum: false, notes, pedals: [] };
    const bytes = writeMidi({ ...readMidi(midiFile({}, oneNote())), tracks: [part], endTick: 150_064 });
    const start = process.cpuUsage();
    expect(readMidi(bytes).tracks[0].notes).toHaveLength(150_000);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });

  it('150,000 hanging notes on one key take no longer', () => {
    const bytes = midiFile({ format: 0 }, track(Array.from({ length: 150_000 }, () => on(1, 60)).flat()));
    const start = process.cpuUsage();
    expect(readMidi(bytes).tracks[0].notes).toHaveLength(150_000);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });

  it('SMPTE times are exact where they are asked for', () => {
    const at = (division: number) => {
      const bytes = midiFile({ division }, track(on(0, 60), off(1000, 60)));
      const score = readMidi(bytes, { smpte: 'convert' });
      return TempoMap.of(score).seconds(score.endTick);
    };
    expect(at(0xe728)).toBeCloseTo(1, 12); // 25 frames a second, 40 ticks a frame
    expect(at(0xe701)).toBeCloseTo(40, 12); // 25 frames a second, 1 tick a frame
    expect(at(0xe350)).toBeCloseTo((1000 / 80 / 30) * 1.001, 9); // drop-frame: 29.97 frames, 80 ticks
  });

  it('delta times of dropped events are carried over', () => {
    const aftertouch = [...vlq(50), 0xd0, 7];
    const lyric = meta(46, 5, ascii('la'));
    expect(readMidi(midiFile({}, track(aftertouch, lyric, on(4, 60), off(96, 60)))).tracks[0].notes[0].tick).toBe(100);
  });
});
