import type { Bundle } from '@rondo/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toyBundle, toyTokens, trainToy } from '../testing/toy.js';
import type { LiveNote } from './chunk.js';
import { type Clock, instantClock } from './clock.js';
import { LiveMusic, type LiveOptions } from './live-music.js';
import { Channels } from './midi-events.js';

const { tokenizer, pieces } = toyTokens();
let bundle: Bundle;
beforeAll(async () => {
  bundle = toyBundle(tokenizer);
  await trainToy(bundle, pieces, 120);
});
afterAll(() => bundle.network.dispose());

async function notesOf(options: LiveOptions, onNote?: (note: LiveNote, music: LiveMusic) => void): Promise<LiveNote[]> {
  const music = new LiveMusic(bundle, options, instantClock());
  const notes: LiveNote[] = [];
  for await (const note of music) {
    notes.push(note);
    onNote?.(note, music);
  }
  return notes;
}

const scale = (notes: readonly LiveNote[]) => [...new Set(notes.map(({ pitch }) => pitch % 12))].sort((a, b) => a - b);

describe('live music', () => {
  it('gives notes in order without a gap between its chunks, the same for the same seed', async () => {
    const notes = await notesOf({ until: 24, seed: 4, tempo: 120 });
    expect(notes.at(-1)!.start).toBeGreaterThan(20);
    expect(notes.at(-1)!.start + notes.at(-1)!.duration).toBeCloseTo(24, 6); // whole bars of two seconds
    notes.forEach((note, i) => expect(note.start).toBeGreaterThanOrEqual(notes[i - 1]?.start ?? 0));
    const longest = Math.max(...notes.map(({ start }, i) => start - (notes[i - 1]?.start ?? 0)));
    expect(longest).toBeLessThan(4);
    expect(await notesOf({ until: 24, seed: 4, tempo: 120 })).toEqual(notes);
  });

  it('ends at the first bar line after the time, and tells tempo and meter where they change', async () => {
    const music = new LiveMusic(bundle, { until: 9, tempo: 120, seed: 2, chunkBars: 4 }, instantClock());
    let end = 0;
    for await (const { start, duration } of music) end = Math.max(end, start + duration);
    expect(end).toBeCloseTo(10, 6); // four bars of two seconds and one more
    const meter = { numerator: 4, denominator: 4 };
    expect(music.signs).toEqual([{ start: 0, microsecondsPerQuarter: 500_000, meter }]);
  });

  it('tells its key where one is asked for, from the chunk on that obeys it', async () => {
    const music = new LiveMusic(bundle, { until: 8, tempo: 120, key: 'Bb major', chunkBars: 1 }, instantClock());
    for await (const { start } of music) if (start >= 2) music.change({ key: 'C minor' });
    expect(music.signs.map(({ key }) => key)).toEqual([
      { fifths: -2, mode: 'major' },
      { fifths: -3, mode: 'minor' },
    ]);
    expect(music.signs[1].start % 2).toBeCloseTo(0, 6);
  });

  it('follows changes at the next chunk, and takes none that makes no sense', async () => {
    let changedAt = Infinity;
    const notes = await notesOf({ until: 40, seed: 1, tempo: 120, key: 'Bb major', chunkBars: 1 }, (note, music) => {
      if (note.start < 16 || changedAt < Infinity) return;
      changedAt = note.start;
      expect(() => music.change({ key: 'nonsense' })).toThrow('key');
      expect(() => music.change({ instruments: 'violin' })).toThrow('never heard violin');
      expect(() => music.change({ meter: '7/8' })).toThrow('7/8');
      music.change({ key: 'F major pentatonic', tempo: 60 });
    });
    const before = notes.filter(({ start }) => start <= changedAt);
    const after = notes.filter(({ start }) => start > changedAt + 4);
    expect(scale(before).every((pitchClass) => [10, 0, 2, 3, 5, 7, 9].includes(pitchClass))).toBe(true);
    expect(scale(before)).toContain(10); // which the next scale does not have
    expect(scale(after).every((pitchClass) => [5, 7, 9, 0, 2].includes(pitchClass))).toBe(true);
    expect(after.length).toBeGreaterThan(2);
  });

  it('goes through its chords across chunks', async () => {
    const notes = await notesOf({ until: 16, chords: 'Bb F Eb', tempo: 120, chunkBars: 2 });
    const chords = [[10, 2, 5], [5, 9, 0], [3, 7, 10]]; // prettier-ignore
    for (const { start, pitch } of notes) expect(chords[Math.floor(start / 2 + 1e-9) % 3]).toContain(pitch % 12);
  });

  it('gives each note before it is to sound, and does not run far ahead', async () => {
    let now = 0;
    const clock: Clock = { now: () => now, wait: (seconds) => ((now += Math.max(0, seconds)), Promise.resolve()) };
    const music = new LiveMusic(bundle, { until: 20, ahead: 0.5, chunkBars: 1 }, clock);
    for await (const { start } of music) {
      expect(start - now).toBeGreaterThan(-1e-6);
      expect(start - now).toBeLessThanOrEqual(0.5 + 1e-6);
    }
  });

  it('stops when it is told, and frees the network', async () => {
    const notes = await notesOf({}, (note, music) => note.start > 6 && music.stop());
    expect(notes.at(-1)!.start).toBeLessThan(20);
    const before = bundle.network.memoryBytes;
    await notesOf({ until: 4 });
    expect(bundle.network.memoryBytes).toBe(before);
  });
});

describe('channels', () => {
  const note = (program: number, isDrum = false): LiveNote => ({ start: 1, duration: 2, pitch: 60, velocity: 90, program, isDrum }); // prettier-ignore
  it('change program before a first note, keep the tenth for percussion, and give up the least lately used', () => {
    const channels = new Channels();
    const statuses = (program: number, isDrum = false) =>
      channels.events(note(program, isDrum)).map(({ bytes }) => bytes[0]);
    expect(statuses(5)).toEqual([0xc0, 0x90, 0x80]);
    expect(statuses(5)).toEqual([0x90, 0x80]);
    expect(statuses(0, true)).toEqual([0x99, 0x89]);
    const used = new Set(Array.from({ length: 14 }, (_, i) => statuses(10 + i)[0] & 0xf));
    expect(used.size).toBe(14);
    expect(used.has(9)).toBe(false);
    statuses(5);
    expect(statuses(99)[0] & 0xf).toBe(1); // program 10 had been silent longest
  });
});
