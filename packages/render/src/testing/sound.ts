/** What a WAV file says about itself, and its samples in -1..1 by channel. */
export interface WavContents {
  sampleRate: number;
  channels: Float32Array[];
  bitsPerSample: number;
  seconds: number;
}

export function readWav(bytes: Uint8Array): WavContents {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = (at: number, count: number) => String.fromCharCode(...bytes.subarray(at, at + count));
  if (ascii(0, 4) !== 'RIFF' || ascii(8, 8) !== 'WAVEfmt ' || ascii(36, 4) !== 'data') throw new Error('no WAV');
  if (view.getUint32(4, true) !== bytes.length - 8 || view.getUint32(40, true) !== bytes.length - 44)
    throw new Error('sizes do not agree');
  const count = view.getUint16(22, true);
  const frames = (bytes.length - 44) / 2 / count;
  const channels = Array.from({ length: count }, (_, channel) =>
    Float32Array.from(
      { length: frames },
      (_, frame) => view.getInt16(44 + 2 * (frame * count + channel), true) / 32767,
    ),
  );
  const sampleRate = view.getUint32(24, true);
  return { sampleRate, channels, bitsPerSample: view.getUint16(34, true), seconds: frames / sampleRate };
}

/** Energy spectrum of the first 2^n samples (Hann window, radix-2 transform); bin k is k · sampleRate / size Hz. */
function spectrum(samples: Float32Array): { energy: Float64Array; size: number } {
  const size = 2 ** Math.floor(Math.log2(samples.length));
  const real = Float64Array.from(
    { length: size },
    (_, n) => samples[n] * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size)),
  );
  const imaginary = new Float64Array(size);
  transform(real, imaginary);
  return { energy: Float64Array.from({ length: size / 2 }, (_, k) => real[k] ** 2 + imaginary[k] ** 2), size };
}

/** Cooley and Tukey's Fourier transform, in place. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let index = 1, target = 0; index < size; index += 1) {
    let bit = size >> 1;
    for (; target & bit; bit >>= 1) target ^= bit;
    target ^= bit;
    if (index < target) for (const part of [real, imaginary]) [part[index], part[target]] = [part[target], part[index]];
  }
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k += 1) {
      const [c, s] = [Math.cos((-Math.PI * k) / half), Math.sin((-Math.PI * k) / half)];
      for (let at = k; at < size; at += 2 * half) {
        const re = real[at + half] * c - imaginary[at + half] * s;
        const im = real[at + half] * s + imaginary[at + half] * c;
        [real[at + half], imaginary[at + half]] = [real[at] - re, imaginary[at] - im];
        [real[at], imaginary[at]] = [real[at] + re, imaginary[at] + im];
      }
    }
  }
}

/** Energy of the bins around a frequency. */
export function energyAt(samples: Float32Array, frequency: number, sampleRate: number): number {
  const { energy, size } = spectrum(samples);
  const bin = Math.round((frequency * size) / sampleRate);
  return energy.subarray(bin - 2, bin + 3).reduce((sum, value) => sum + value, 0);
}

/** The frequency of most energy between two limits; a parabola through the highest bins finds it between them. */
export function strongestFrequency(samples: Float32Array, from: number, to: number, sampleRate: number): number {
  const { energy, size } = spectrum(samples);
  let best = Math.ceil((from * size) / sampleRate);
  for (let bin = best; bin <= (to * size) / sampleRate; bin += 1) if (energy[bin] > energy[best]) best = bin;
  const [before, at, after] = [best - 1, best, best + 1].map((bin) => Math.log(energy[bin] + 1e-30));
  const shift = (before - after) / (2 * (before - 2 * at + after));
  return ((best + (Number.isFinite(shift) ? shift : 0)) * sampleRate) / size;
}

export function peakOf(samples: Float32Array): number {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

export function rmsOf(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}

/** The largest second difference: what a click has and a smooth sound has not. */
export function sharpestBend(samples: Float32Array): number {
  let most = 0;
  for (let index = 2; index < samples.length; index += 1)
    most = Math.max(most, Math.abs(samples[index] - 2 * samples[index - 1] + samples[index - 2]));
  return most;
}
