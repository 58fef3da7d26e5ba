import { loudness } from './struck.js';
import { addPanned, frequencyOf, type Stereo, type Voice } from './voice.js';

/** Blown, bowed and electric sounds: one period of a band-limited wave, read over and over, with vibrato. */
export interface SustainedPatch {
  kind: 'sustained';
  gain: number;
  /** Relative amplitude of harmonics 1, 2, 3 … */
  harmonics: readonly number[];
  attack: number;
  release: number;
  /** Level while held, relative to the attack's peak. */
  sustain: number;
  /** Depth in cents; it sets in after a quarter of a second. */
  vibrato: number;
  /** Cents between the two players that share the part (0: one player). */
  detune: number;
}

const tableSize = 2048;
const tables = new WeakMap<SustainedPatch, Map<number, Float32Array>>();

/** One period with as many harmonics as fit below Nyquist; made once per patch and count. */
function tableOf(patch: SustainedPatch, harmonics: number): Float32Array {
  const known = tables.get(patch) ?? new Map<number, Float32Array>();
  tables.set(patch, known);
  let table = known.get(harmonics);
  if (!table) {
    table = new Float32Array(tableSize + 1);
    for (let k = 1; k <= harmonics; k += 1) {
      for (let index = 0; index <= tableSize; index += 1)
        table[index] += patch.harmonics[k - 1] * Math.sin((2 * Math.PI * k * index) / tableSize);
    }
    known.set(harmonics, table);
  }
  return table;
}

/** Renders one voice and adds it to the mix. */
export function renderSustained(out: Stereo, patch: SustainedPatch, voice: Voice): void {
  const { sampleRate } = out;
  const release = Math.round(patch.release * sampleRate);
  const length = Math.min(voice.held + release, out.left.length - voice.start);
  if (length <= 0) return;
  const players = patch.detune > 0 ? [-patch.detune / 2, patch.detune / 2] : [0];
  players.forEach((cents, index) => {
    const signal = new Float32Array(length);
    play(signal, patch, voice, cents, index, sampleRate);
    envelope(signal, patch, voice.held, release, sampleRate, (patch.gain * loudness(voice.strength)) / players.length);
    const spread = players.length > 1 ? (index === 0 ? -0.25 : 0.25) : 0;
    addPanned(out, signal, { ...voice, pan: Math.max(-1, Math.min(1, voice.pan + spread)) });
  });
}

function play(
  signal: Float32Array,
  patch: SustainedPatch,
  voice: Voice,
  cents: number,
  player: number,
  rate: number,
): void {
  const frequency = frequencyOf(voice.pitch) * 2 ** (cents / 1200);
  const fitting = Math.floor((rate * 0.45) / frequency);
  const table = tableOf(patch, Math.max(1, Math.min(patch.harmonics.length, fitting)));
  const depth = (patch.vibrato / 1200) * Math.LN2;
  const speed = (2 * Math.PI * (5.1 + 0.4 * player)) / rate;
  const onset = 0.25 * rate;
  const step = (frequency * tableSize) / rate;
  let phase = player * 0.31 * tableSize;
  for (let index = 0; index < signal.length; index += 1) {
    const whole = Math.floor(phase);
    signal[index] = table[whole] + (table[whole + 1] - table[whole]) * (phase - whole);
    const swing = depth * Math.min(1, Math.max(0, (index - onset) / onset));
    phase += step * (1 + swing * Math.sin(speed * index));
    while (phase >= tableSize) phase -= tableSize;
  }
}

/** Rise, settle to the sustain level, and fall to nothing after the key is let go. */
function envelope(
  signal: Float32Array,
  patch: SustainedPatch,
  held: number,
  release: number,
  sampleRate: number,
  gain: number,
): void {
  const attack = Math.max(1, patch.attack * sampleRate);
  const settle = 0.3 * sampleRate;
  for (let index = 0; index < signal.length; index += 1) {
    const rise = index < attack ? 0.5 - 0.5 * Math.cos((Math.PI * index) / attack) : 1;
    const level = patch.sustain + (1 - patch.sustain) * Math.exp(-Math.max(0, index - attack) / settle);
    const fall = index <= held ? 1 : 0.5 + 0.5 * Math.cos((Math.PI * Math.min(release, index - held)) / release);
    signal[index] *= gain * rise * level * fall;
  }
}
