import type { Stereo } from './voice.js';

const targetRms = 0.11; // -19 dBFS over the sounding part: the loudness of recorded music
const hottestPeak = 1.3; // before the limiter, so that it works on few peaks only
const knee = 0.7;
const ceiling = 0.97;

/**
 * Brings a mix to an even loudness in place and keeps every sample below the ceiling. One gain for the whole piece, so that
 * its dynamics stay; what is above the knee is bent smoothly instead of cut.
 */
export function level(sound: Stereo): void {
  const { peak, rms } = measure(sound);
  if (peak === 0) return;
  const gain = Math.min(targetRms / rms, hottestPeak / peak);
  for (const channel of [sound.left, sound.right]) {
    for (let index = 0; index < channel.length; index += 1) channel[index] = limit(channel[index] * gain);
  }
}

/** Identity up to the knee, then a curve that never reaches the ceiling. */
export function limit(value: number): number {
  const size = Math.abs(value);
  if (size <= knee) return value;
  const room = ceiling - knee;
  return Math.sign(value) * (knee + room * Math.tanh((size - knee) / room));
}

/** Peak, and root mean square over the samples that are louder than -60 dBFS below the peak. */
export function measure(sound: Stereo): { peak: number; rms: number } {
  let peak = 0;
  for (const channel of [sound.left, sound.right])
    for (let index = 0; index < channel.length; index += 1) peak = Math.max(peak, Math.abs(channel[index]));
  let sum = 0;
  let count = 0;
  for (const channel of [sound.left, sound.right]) {
    for (let index = 0; index < channel.length; index += 1) {
      const square = channel[index] * channel[index];
      if (square < peak * peak * 1e-6) continue;
      sum += square;
      count += 1;
    }
  }
  return { peak, rms: count === 0 ? 0 : Math.sqrt(sum / count) };
}
