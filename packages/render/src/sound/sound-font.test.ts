import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BasicSoundBank } from 'spessasynth_core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peakOf, readWav, rmsOf, strongestFrequency } from '../testing/sound.js';
import { line, scoreOf, track } from '../testing/scores.js';
import { renderWav } from './render-wav.js';

const rate = 22_050;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-sound-font-'));
let soundFont: Uint8Array;

beforeAll(() => {
  // One saw-tooth preset, made by the library itself: a real SoundFont of a few kilobytes.
  soundFont = new Uint8Array(BasicSoundBank.getSampleSoundBankFile());
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('renderWav with a SoundFont', () => {
  const score = scoreOf([
    track(
      line([
        [0, 1],
        [69, 2],
      ]),
    ),
  ]);

  it('plays the notes of the score at their time and pitch', async () => {
    const { channels } = readWav(await renderWav(score, { soundFont, sampleRate: rate }));
    const part = (from: number, to: number) => channels[0].subarray(from * rate, to * rate);
    expect(peakOf(part(0, 0.49))).toBe(0);
    expect(Math.abs(strongestFrequency(part(0.6, 1.4), 100, 1000, rate) - 440)).toBeLessThanOrEqual(2);
    expect(peakOf(channels[0])).toBeLessThan(1);
    expect(rmsOf(part(0.6, 1.4))).toBeGreaterThan(0.02);
  });

  it('ends notes: nothing hangs in the tail', async () => {
    const { channels, seconds } = readWav(await renderWav(score, { soundFont, sampleRate: rate, tail: 3 }));
    expect(peakOf(channels[0].subarray(Math.round((seconds - 0.5) * rate)))).toBeLessThan(0.01);
  });

  it('reads the font from a path too, with the same bytes as a result', async () => {
    const file = path.join(folder, 'saw.sf2');
    fs.writeFileSync(file, soundFont);
    const options = { sampleRate: rate, tail: 1 };
    const [fromPath, fromBytes] = [
      await renderWav(score, { ...options, soundFont: file }),
      await renderWav(score, { ...options, soundFont }),
    ];
    expect(Buffer.compare(fromPath, fromBytes)).toBe(0);
  });

  it('names a font that is missing or is none', async () => {
    const missing = path.join(folder, 'missing.sf2');
    await expect(renderWav(score, { soundFont: missing })).rejects.toMatchObject({
      code: 'RONDO_RENDER_SOUNDFONT',
      message: expect.stringContaining('missing.sf2'),
    });
    await expect(renderWav(score, { soundFont: new Uint8Array(64) })).rejects.toMatchObject({
      code: 'RONDO_RENDER_SOUNDFONT',
    });
  });
});
