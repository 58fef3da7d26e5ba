import type { Stereo } from './voice.js';

/** Delays in seconds of Schroeder's four combs and two all-passes; mutually prime enough not to ring together. */
const combs = [0.0297, 0.0371, 0.0411, 0.0437];
const allPasses = [0.005, 0.0017];
const feedback = 0.74;
const damping = 0.35;
const spread = 0.0007; // the right channel's delays are longer by this: width

/** Adds a small room to both channels, in place. `wet` 0 leaves them dry. */
export function addRoom(sound: Stereo, wet: number): void {
  if (wet <= 0) return;
  const count = sound.left.length;
  const mono = new Float32Array(count);
  for (let index = 0; index < count; index += 1) mono[index] = (sound.left[index] + sound.right[index]) * 0.25;
  addTail(sound.left, mono, 0, wet, sound.sampleRate);
  addTail(sound.right, mono, spread, wet, sound.sampleRate);
}

function addTail(channel: Float32Array, mono: Float32Array, offset: number, wet: number, sampleRate: number): void {
  const tail = new Float32Array(mono.length);
  for (const delay of combs) comb(tail, mono, Math.round((delay + offset) * sampleRate));
  for (const delay of allPasses) allPass(tail, Math.round((delay + offset) * sampleRate));
  for (let index = 0; index < channel.length; index += 1) channel[index] += wet * tail[index];
}

/** A feedback comb whose echoes lose their treble. */
function comb(out: Float32Array, input: Float32Array, delay: number): void {
  const line = new Float32Array(delay);
  let at = 0;
  let low = 0;
  for (let index = 0; index < input.length; index += 1) {
    const echo = line[at];
    out[index] += echo;
    low = echo + damping * (low - echo);
    line[at] = input[index] + feedback * low;
    at = at + 1 === delay ? 0 : at + 1;
  }
}

/** Schroeder's all-pass with gain 1/2, in place. */
function allPass(signal: Float32Array, delay: number): void {
  const line = new Float32Array(delay);
  let at = 0;
  for (let index = 0; index < signal.length; index += 1) {
    const delayed = line[at];
    const fed = signal[index] + 0.5 * delayed;
    line[at] = fed;
    signal[index] = delayed - 0.5 * fed;
    at = at + 1 === delay ? 0 : at + 1;
  }
}
