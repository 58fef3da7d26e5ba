import { describe, expect, it } from 'vitest';
import { readMidi, readMidiWithReport } from './read-midi.js';
import { ascii, chunk, meta, midiFile, off, on, oneNote, pedal, program, tempo, track } from './testing/midi-bytes.js';

describe('readMidi', () => {
  it('reads notes, program and name of a track', () => {
    const name = meta(0, 3, ascii('Violin'));
    const score = readMidi(
      midiFile({}, track(name, program(0, 40), on(10, 60, 100), off(86, 60), on(0, 64, 1), off(1, 64))),
    );
    expect(score).toEqual({
      ticksPerQuarter: 96,
      tempos: [],
      timeSignatures: [],
      keySignatures: [],
      endTick: 97,
      tracks: [
        {
          name: 'Violin',
          program: 40,
          isDrum: false,
          pedals: [],
          notes: [
            { tick: 10, duration: 86, pitch: 60, velocity: 100 },
            { tick: 96, duration: 1, pitch: 64, velocity: 1 },
          ],
        },
      ],
    });
  });

  it('reads running status, also across meta and system-exclusive events, and velocity 0 as note-off', () => {
    const data = [
      ...on(0, 60),
      ...[96, 60, 0],
      ...meta(0, 1, ascii('hm')),
      ...[0, 62, 80],
      ...[0, 0xf0, 2, 1, 0xf7],
      ...[96, 62, 0],
    ];
    const [{ notes }] = readMidi(midiFile({}, track(data))).tracks;
    expect(notes.map(({ tick, duration, pitch }) => [tick, duration, pitch])).toEqual([
      [0, 96, 60],
      [96, 96, 62],
    ]);
  });

  it('splits a format 0 file by channel, and takes channel 10 as drums', () => {
    const events = [
      program(0, 24, 1),
      on(0, 60, 80, 0),
      on(0, 48, 80, 1),
      on(0, 36, 80, 9),
      off(96, 60, 0),
      off(0, 48, 1),
      off(0, 36, 9),
    ];
    const score = readMidi(midiFile({ format: 0 }, track(...events)));
    expect(score.tracks.map(({ program, isDrum, notes }) => [program, isDrum, notes[0].pitch])).toEqual([
      [0, false, 60],
      [24, false, 48],
      [0, true, 36],
    ]);
  });

  it('starts a new Track where the program of a channel changes', () => {
    const score = readMidi(midiFile({}, track(on(0, 60), off(96, 60), program(0, 40), on(0, 62), off(96, 62))));
    expect(score.tracks.map(({ program, notes }) => [program, notes.map((n) => n.pitch)])).toEqual([
      [0, [60]],
      [40, [62]],
    ]);
  });

  it('finds the program of a channel in another track, but prefers the own one', () => {
    const setUp = track(program(0, 70, 3), program(0, 71, 4));
    const score = readMidi(
      midiFile({}, setUp, oneNote(60, 3), track(program(0, 9, 4), on(0, 60, 80, 4), off(96, 60, 4))),
    );
    expect(score.tracks.map((t) => t.program)).toEqual([70, 9]);
  });

  it('keeps equal channels of different ports apart', () => {
    const port = meta(0, 0x21, [1]);
    const score = readMidi(
      midiFile({}, track(program(0, 5), pedal(0, 127), pedal(96, 0)), track(port, on(0, 60), off(96, 60))),
    );
    expect(score.tracks[0]).toMatchObject({ program: 0, pedals: [] });
  });

  it('reads the pedal of a channel as spans, the last one up to the end of the piece', () => {
    const score = readMidi(
      midiFile(
        {},
        track(
          pedal(0, 127),
          on(0, 60),
          pedal(10, 100),
          pedal(20, 10),
          off(66, 60),
          pedal(4, 64),
          on(0, 60),
          off(90, 60),
        ),
      ),
    );
    expect(score.tracks[0].pedals).toEqual([
      { tick: 0, duration: 30 },
      { tick: 100, duration: 90 },
    ]);
  });

  it('plays the patterns of a format 2 file one after the other', () => {
    const score = readMidi(midiFile({ format: 2 }, oneNote(60), oneNote(62)));
    expect(score.tracks.map((t) => t.notes[0].tick)).toEqual([0, 96]);
  });

  it('opens RIFF (.rmi) files and skips foreign chunks', () => {
    const inner = midiFile({ trackCount: 1 }, chunk('Junk', [1, 2, 3]), oneNote());
    const data = [...ascii('data'), inner.length, 0, 0, 0, ...inner];
    const file = Uint8Array.from([...ascii('RIFF'), data.length + 4, 0, 0, 0, ...ascii('RMID'), ...data]);
    const { score, warnings } = readMidiWithReport(file);
    expect(score.tracks[0].notes).toHaveLength(1);
    expect(warnings).toEqual(['skipped a chunk "Junk"']);
  });

  it('reads Karaoke files: words and markers of their own track change no note', () => {
    const words = track(
      meta(0, 1, ascii('@KMIDI KARAOKE FILE')),
      meta(0, 1, ascii('@LENGL')),
      meta(96, 1, ascii('\\La')),
    );
    const melody = track(meta(0, 5, ascii('la')), on(0, 60), meta(48, 5, ascii('lu')), off(48, 60));
    const { score, warnings } = readMidiWithReport(midiFile({}, words, melody));
    expect(score.tracks.map(({ notes }) => notes)).toEqual([[{ tick: 0, duration: 96, pitch: 60, velocity: 80 }]]);
    expect(warnings).toEqual([]);
  });

  it('counts ticks beyond 2^31 exactly, in notes, tempos and pedals, over events that say nothing', () => {
    const far = 0x0fffffff;
    const wait = Array.from({ length: 9 }, () => meta(far, 6, ascii('m')));
    const bytes = midiFile(
      { division: 0x7fff },
      track(...wait, tempo(0, 400_000), pedal(0, 127), on(1, 60), off(far, 60), pedal(2, 0)),
    );
    const score = readMidi(bytes);
    const start = 9 * far + 1;
    expect(start).toBeGreaterThan(2 ** 31);
    expect(score.tempos).toEqual([{ tick: start - 1, microsecondsPerQuarter: 400_000 }]);
    expect(score.tracks[0].notes).toEqual([{ tick: start, duration: far, pitch: 60, velocity: 80 }]);
    expect(score.tracks[0].pedals).toEqual([{ tick: start - 1, duration: far + 3 }]);
  });

  it('decodes names as UTF-8, else as Latin-1', () => {
    const named = (bytes: number[]) =>
      readMidi(midiFile({}, track(meta(0, 3, bytes), on(0, 60), off(96, 60)))).tracks[0].name;
    expect(named([...new TextEncoder().encode('Flöte')])).toBe('Flöte');
    expect(named([0x46, 0x6c, 0xf6, 0x74, 0x65, 0])).toBe('Flöte');
  });

  it('repairs what can be repaired and says so', () => {
    const stray = [0, 0xf8];
    const badData = [0, 0xb0, 64, 200];
    const badMeter = meta(0, 0x58, [0, 2, 24, 8]);
    const { score, warnings } = readMidiWithReport(
      midiFile({ trackCount: 3 }, track(stray, badData, badMeter, on(0, 60), off(96, 60))),
    );
    expect(score.tracks[0].notes).toHaveLength(1);
    expect(warnings).toEqual([
      'the header announces 3 tracks, the file has 1',
      'track 1 of 1: ignored a system message f8, which is illegal in a file',
      'track 1 of 1: ignored a channel message with a data byte above 127 (status b0)',
      'ignored a time signature of 0/4',
    ]);
  });

  it('keeps a track up to the place where it cannot be read', () => {
    const broken = chunk('MTrk', [...on(0, 60), ...off(96, 60), 0xff, 0xff, 0xff, 0xff, 0xff]);
    const { score, warnings } = readMidiWithReport(midiFile({}, broken));
    expect(score.tracks[0].notes).toHaveLength(1);
    expect(warnings[0]).toBe('track 1 of 1: cannot be read after byte 8 of 13');
  });
});
