import type { Note, Score, Track } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { energyAt, peakOf, readWav, rmsOf, sharpestBend, strongestFrequency } from '../testing/sound.js';
import { line, scoreOf, track, twoHands } from '../testing/scores.js';
import { limit } from './level.js';
import { renderWav } from './render-wav.js';

const rate = 22_050; // half the usual: the tests measure the same things in half the time
const render = async (score: Score) => readWav(await renderWav(score, { sampleRate: rate }));
const single = (pitch: number, quarters: number, rest: Partial<Track> = {}) =>
  scoreOf([track(line([[pitch, quarters]]), rest)]);
const part = (samples: Float32Array, from: number, to: number) =>
  samples.subarray(Math.round(from * rate), Math.round(to * rate));

/** One program of every family of sounds. */
const programs = {
  piano: 0,
  vibraphone: 11,
  organ: 19,
  guitar: 24,
  bass: 33,
  violin: 40,
  trumpet: 56,
  clarinet: 71,
  flute: 73,
  lead: 81,
  pad: 89,
};

describe('renderWav', () => {
  it('writes 16-bit stereo PCM as long as the piece and its tail', async () => {
    const bytes = await renderWav(single(69, 4), { tail: 1.5 });
    const wav = readWav(bytes);
    expect([wav.sampleRate, wav.channels.length, wav.bitsPerSample]).toEqual([44_100, 2, 16]);
    expect(wav.seconds).toBeCloseTo(2 + 1.5, 3);
  });

  it.each(Object.entries(programs))('sounds A4 at 440 Hz: %s', async (_, program) => {
    const { channels } = await render(single(69, 2, { program }));
    const held = part(channels[0], 0.1, 0.9);
    expect(Math.abs(strongestFrequency(held, 80, 2500, rate) - 440)).toBeLessThanOrEqual(2);
    expect(peakOf(channels[0])).toBeLessThan(1);
    expect(rmsOf(held)).toBeGreaterThan(0.02);
  });

  it('stays in tune over the keyboard', async () => {
    for (const pitch of [45, 57, 81]) {
      const expected = 440 * 2 ** ((pitch - 69) / 12);
      const { channels } = await render(single(pitch, 2));
      const found = strongestFrequency(part(channels[0], 0.1, 0.9), expected * 0.9, expected * 1.1, rate);
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(Math.max(2, expected * 0.003));
    }
  });

  it('never clips, even with every key struck at full force', async () => {
    const notes: Note[] = Array.from({ length: 88 }, (_, key) => ({
      tick: 0,
      duration: 960,
      pitch: 21 + key,
      velocity: 127,
    }));
    const { channels } = await render(scoreOf([track(notes)]));
    for (const channel of channels) expect(peakOf(channel)).toBeLessThan(0.99);
  });

  it('is silent before the first note and after the tail', async () => {
    const { channels, seconds } = await render(
      scoreOf([
        track(
          line([
            [0, 2],
            [60, 1],
          ]),
        ),
      ]),
    );
    expect(peakOf(part(channels[0], 0, 0.99))).toBe(0);
    expect(peakOf(part(channels[0], seconds - 0.02, seconds))).toBeLessThan(0.001);
    expect(rmsOf(part(channels[0], 1, 1.4))).toBeGreaterThan(0.02);
  });

  it.each(Object.entries(programs))('lets no note hang: %s dies away after its end', async (_, program) => {
    const score = scoreOf([track(line([[60, 1]]), { program })], { endTick: 480 * 6 });
    const { channels } = await render(score);
    expect(peakOf(part(channels[0], 2.6, 3))).toBeLessThan(0.02 * peakOf(channels[0]));
  });

  it.each(Object.entries(programs))('does not click when a key is let go: %s', async (_, program) => {
    const { channels } = await render(single(57, 2, { program }));
    // A cut wave bends more sharply than the sound itself does while it is held.
    const held = sharpestBend(part(channels[0], 0.3, 0.95));
    expect(sharpestBend(part(channels[0], 0.98, 3.4))).toBeLessThan(1.25 * held);
  });

  it('holds notes while the pedal is down and damps them when it comes up', async () => {
    const staccato = track(line([[60, 0.5]]));
    const dry = await render(scoreOf([staccato], { endTick: 480 * 6 }));
    const pedals = [{ tick: 0, duration: 480 * 3 }];
    const held = await render(scoreOf([{ ...staccato, pedals }], { endTick: 480 * 6 }));
    const late = (wav: typeof dry) => rmsOf(part(wav.channels[0], 1, 1.4)) / peakOf(wav.channels[0]);
    expect(late(held)).toBeGreaterThan(10 * late(dry));
    expect(rmsOf(part(held.channels[0], 2.6, 3))).toBeLessThan(0.003);
  });

  it('plays louder notes louder and brighter', async () => {
    const { channels } = await render(
      scoreOf([
        track(
          line([
            [57, 1, 25],
            [0, 3],
            [57, 1, 120],
          ]),
        ),
      ]),
    );
    const [soft, loud] = [part(channels[0], 0.02, 0.45), part(channels[0], 2.02, 2.45)];
    expect(rmsOf(loud)).toBeGreaterThan(4 * rmsOf(soft));
    const brightness = (samples: Float32Array) => energyAt(samples, 1100, rate) / energyAt(samples, 220, rate);
    expect(brightness(loud)).toBeGreaterThan(2 * brightness(soft));
  });

  it('plays drums as noise and thuds, not as pitches', async () => {
    const { channels } = await render(
      scoreOf([
        track(
          line([
            [36, 1],
            [38, 1],
            [42, 1],
            [49, 1],
            [76, 1],
          ]),
          { isDrum: true },
        ),
      ]),
    );
    expect(strongestFrequency(part(channels[0], 0, 0.3), 30, 300, rate)).toBeLessThan(80);
    for (let beat = 0; beat < 5; beat += 1)
      expect(peakOf(part(channels[0], beat * 0.5, beat * 0.5 + 0.1))).toBeGreaterThan(0.02);
  });

  it('follows tempo changes', async () => {
    const tempos = [
      { tick: 0, microsecondsPerQuarter: 500_000 },
      { tick: 960, microsecondsPerQuarter: 1_000_000 },
    ];
    const { seconds } = await render(scoreOf([track(line([[60, 4]]))], { tempos }));
    expect(seconds).toBeCloseTo(1 + 2 + 2.5, 3);
  });

  it('gives the same bytes for the same score', async () => {
    const score = twoHands(3);
    const [first, second] = [
      await renderWav(score, { sampleRate: 16_000 }),
      await renderWav(score, { sampleRate: 16_000 }),
    ];
    expect(Buffer.compare(first, second)).toBe(0);
  });

  it('renders a score without notes as silence', async () => {
    const { channels, seconds } = await render(scoreOf([]));
    expect(seconds).toBeCloseTo(2.5, 3);
    expect(peakOf(channels[0])).toBe(0);
  });

  it.each([
    [{ sampleRate: 0 }, 'RONDO_RENDER_SAMPLE_RATE'],
    [{ sampleRate: NaN }, 'RONDO_RENDER_SAMPLE_RATE'],
    [{ tail: -1 }, 'RONDO_RENDER_TAIL'],
  ])('refuses %o', async (options, code) => {
    await expect(renderWav(single(60, 1), options)).rejects.toMatchObject({ code });
  });

  it('refuses a piece of many hours', async () => {
    await expect(renderWav(scoreOf([], { endTick: 480 * 2 * 3600 * 3 }))).rejects.toMatchObject({
      code: 'RONDO_RENDER_TOO_LONG',
    });
  });
});

describe('limit', () => {
  it('leaves what is quiet alone, never reaches full scale and never turns back', () => {
    expect(limit(0.5)).toBe(0.5);
    expect(limit(-0.7)).toBe(-0.7);
    let before = 0;
    for (let value = 0; value < 20; value += 0.05) {
      expect(limit(value)).toBeGreaterThanOrEqual(before);
      expect(limit(value)).toBeLessThan(0.98);
      before = limit(value);
    }
  });
});
