import { noiseSource } from './noise.js';
import { loudness } from './struck.js';
import { addPanned, type Stereo, type Voice } from './voice.js';

/** A percussion sound: a gliding sine and filtered noise, each with its own decay (seconds to -60 dB). */
interface DrumPatch {
  tone: number;
  from: number;
  to: number;
  toneDecay: number;
  noise: number;
  noiseDecay: number;
  /** 0 keeps all noise, towards 1 only its highest part. */
  highpass: number;
}

const patch = (
  tone: number,
  from: number,
  to: number,
  toneDecay: number,
  noise: number,
  noiseDecay: number,
  highpass: number,
): DrumPatch => ({ tone, from, to, toneDecay, noise, noiseDecay, highpass });

const kick = patch(1, 130, 46, 0.35, 0.08, 0.02, 0);
const snare = patch(0.4, 220, 170, 0.16, 0.5, 0.22, 0.4);
const rim = patch(0.35, 900, 700, 0.05, 0.2, 0.03, 0.5);
const clap = patch(0, 0, 0, 0.1, 0.5, 0.2, 0.55);
const closedHat = patch(0, 0, 0, 0.1, 0.3, 0.07, 0.92);
const openHat = patch(0, 0, 0, 0.1, 0.3, 0.5, 0.92);
const crash = patch(0, 0, 0, 0.1, 0.38, 1.8, 0.82);
const ride = patch(0.05, 3100, 3100, 0.7, 0.18, 0.9, 0.9);
const tom = (hz: number): DrumPatch => patch(0.8, hz * 1.5, hz, 0.35, 0.06, 0.05, 0.2);
const block = (hz: number): DrumPatch => patch(0.45, hz, hz * 0.97, 0.1, 0.05, 0.01, 0.3);

/** General MIDI percussion keys; every other key is a wood block of a pitch of its own. */
const kit: Record<number, DrumPatch> = {
  35: kick,
  36: kick,
  37: rim,
  38: snare,
  39: clap,
  40: snare,
  41: tom(80),
  42: closedHat,
  43: tom(95),
  44: closedHat,
  45: tom(115),
  46: openHat,
  47: tom(140),
  48: tom(165),
  49: crash,
  50: tom(195),
  51: ride,
  52: crash,
  53: ride,
  55: crash,
  57: crash,
  59: ride,
  69: closedHat,
  70: closedHat,
};

/** Renders one stroke and adds it to the mix; how long the key is held does not matter. */
export function renderDrum(out: Stereo, voice: Voice): void {
  const sound = kit[voice.pitch] ?? block(300 + voice.pitch * 9);
  const { sampleRate } = out;
  const seconds = Math.max(sound.tone > 0 ? sound.toneDecay : 0, sound.noise > 0 ? sound.noiseDecay : 0);
  const length = Math.min(Math.round(seconds * sampleRate), out.left.length - voice.start);
  if (length <= 0) return;
  const signal = new Float32Array(length);
  const level = 0.5 * loudness(voice.strength);
  if (sound.tone > 0) addTone(signal, sound, level, sampleRate);
  if (sound.noise > 0) addNoise(signal, sound, level, voice.pitch, sampleRate);
  const rise = Math.min(length, Math.round(0.0008 * sampleRate));
  for (let index = 0; index < rise; index += 1) signal[index] *= index / rise;
  const fade = Math.min(length, Math.round(0.005 * sampleRate));
  for (let index = 0; index < fade; index += 1) signal[length - 1 - index] *= index / fade;
  addPanned(out, signal, voice);
}

function addTone(signal: Float32Array, sound: DrumPatch, level: number, sampleRate: number): void {
  let phase = 0;
  for (let index = 0; index < signal.length; index += 1) {
    const time = index / sampleRate;
    const frequency = sound.to + (sound.from - sound.to) * Math.exp(-time * 30);
    phase += (2 * Math.PI * frequency) / sampleRate;
    signal[index] += level * sound.tone * Math.sin(phase) * Math.exp((-6.9 * time) / sound.toneDecay);
  }
}

function addNoise(signal: Float32Array, sound: DrumPatch, level: number, seed: number, sampleRate: number): void {
  const noise = noiseSource(seed * 104729 + 1);
  let low = 0;
  for (let index = 0; index < signal.length; index += 1) {
    const white = noise();
    low += (1 - sound.highpass * 0.6) * (white - low);
    const filtered = white - sound.highpass * low;
    signal[index] += level * sound.noise * filtered * Math.exp((-6.9 * index) / sampleRate / sound.noiseDecay);
  }
}
