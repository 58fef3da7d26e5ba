import { noiseSource } from './noise.js';
import { addPanned, frequencyOf, type Stereo, type Voice } from './voice.js';

/**
 * Struck and plucked sounds: a sum of decaying partials (modal synthesis). Partial k sounds at
 * `k f₀ √(1 + B k²)` (Fletcher's stiff string), the higher the softer and the sooner gone.
 */
export interface StruckPatch {
  kind: 'struck';
  gain: number;
  /** Frequency ratios instead of the harmonic series (bars and bells). */
  ratios?: readonly number[];
  partials: number;
  /** Amplitude of partial k is k^-slope at full strength; softer strokes are duller by `dullness`. */
  slope: number;
  dullness: number;
  /** Where the string is struck, as a share of its length: partials with a node there are missing. */
  strikePoint: number;
  inharmonicity: number;
  /** Seconds until the fundamental of middle C has lost 60 dB; halves every `halving` semitones upwards. */
  decay: number;
  halving: number;
  /** Decay rate of partial k is 1 + damping (k - 1) times that of the fundamental. */
  damping: number;
  attack: number;
  release: number;
  /** Level of the knock of hammer or finger. */
  knock: number;
}

const silence = 6.9; // ln(1000): 60 dB
const highest = 14_000; // Hz; nothing above it is missed in a piano

/** Renders one voice and adds it to the mix. */
export function renderStruck(out: Stereo, patch: StruckPatch, voice: Voice): void {
  const { sampleRate } = out;
  const decay = Math.max(0.12, patch.decay * 2 ** ((60 - voice.pitch) / patch.halving));
  const releaseSamples = Math.round(patch.release * sampleRate);
  const audible = Math.round(decay * sampleRate);
  const length = Math.min(voice.held + releaseSamples, audible, out.left.length - voice.start);
  if (length <= 0) return;
  const signal = new Float32Array(length);
  addPartials(signal, patch, voice, decay, sampleRate);
  if (patch.knock > 0) addKnock(signal, patch, voice, sampleRate);
  shape(signal, patch, voice.held, sampleRate, releaseSamples);
  addPanned(out, signal, voice);
}

function addPartials(signal: Float32Array, patch: StruckPatch, voice: Voice, decay: number, sampleRate: number): void {
  const fundamental = frequencyOf(voice.pitch);
  const slope = patch.slope + patch.dullness * (1 - voice.strength);
  const count = patch.ratios?.length ?? patch.partials;
  const level = patch.gain * loudness(voice.strength);
  for (let k = 1; k <= count; k += 1) {
    const ratio = patch.ratios?.[k - 1] ?? k * Math.sqrt((1 + patch.inharmonicity * k * k) / (1 + patch.inharmonicity));
    const frequency = fundamental * ratio;
    if (frequency > Math.min(highest, sampleRate * 0.45)) break;
    const comb = patch.strikePoint > 0 ? Math.abs(Math.sin(Math.PI * k * patch.strikePoint)) + 0.05 : 1;
    const amplitude = level * k ** -slope * comb;
    const rate = silence / (decay / (1 + patch.damping * (k - 1)));
    // A piano's strings lose their first energy fast and keep the rest long: two decays share each partial.
    resonate(signal, amplitude * 0.55, frequency, rate * 2.6, sampleRate);
    resonate(signal, amplitude * 0.45, frequency, rate, sampleRate);
  }
}

/** Adds a decaying sine with the two-term recurrence y[n] = 2 r cos ω y[n-1] - r² y[n-2]. */
function resonate(signal: Float32Array, amplitude: number, frequency: number, rate: number, sampleRate: number): void {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  const r = Math.exp(-rate / sampleRate);
  const [a, b] = [2 * r * Math.cos(omega), r * r];
  let older = 0;
  let newer = amplitude * r * Math.sin(omega);
  const audible = Math.min(signal.length, Math.ceil((silence * 1.4 * sampleRate) / rate));
  for (let index = 1; index < audible; index += 1) {
    signal[index] += newer;
    const next = a * newer - b * older;
    older = newer;
    newer = next;
  }
}

/** A short thud of filtered noise at the stroke. */
function addKnock(signal: Float32Array, patch: StruckPatch, voice: Voice, sampleRate: number): void {
  const noise = noiseSource(voice.pitch * 7919 + 17);
  const length = Math.min(signal.length, Math.round(0.03 * sampleRate));
  const level = patch.gain * patch.knock * voice.strength ** 2;
  let low = 0;
  for (let index = 0; index < length; index += 1) {
    low += 0.12 * (noise() - low);
    signal[index] += level * low * Math.exp((-index * 5) / length);
  }
}

/** Soft attack, damper after the key is let go, and a last fade, so that nothing clicks. */
function shape(
  signal: Float32Array,
  patch: StruckPatch,
  held: number,
  sampleRate: number,
  releaseSamples: number,
): void {
  const attack = Math.min(signal.length, Math.max(8, Math.round(patch.attack * sampleRate)));
  for (let index = 0; index < attack; index += 1) signal[index] *= 0.5 - 0.5 * Math.cos((Math.PI * index) / attack);
  const rate = silence / Math.max(1, releaseSamples);
  for (let index = held; index < signal.length; index += 1) signal[index] *= Math.exp(-(index - held) * rate);
  const fade = Math.min(signal.length, Math.round(0.01 * sampleRate));
  for (let index = 0; index < fade; index += 1) signal[signal.length - 1 - index] *= index / fade;
}

/** Amplitude of a stroke: about 30 dB between the softest and the hardest. */
export function loudness(strength: number): number {
  return 0.03 + 0.97 * strength ** 1.6;
}
