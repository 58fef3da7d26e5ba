import type { StruckPatch } from './struck.js';
import type { SustainedPatch } from './sustained.js';

export type Patch = StruckPatch | SustainedPatch;

const piano: StruckPatch = {
  kind: 'struck',
  gain: 0.5,
  partials: 18,
  slope: 1.15,
  dullness: 1.1,
  strikePoint: 1 / 8,
  inharmonicity: 0.00035,
  decay: 7,
  halving: 15,
  damping: 0.28,
  attack: 0.002,
  release: 0.22,
  knock: 0.5,
};

const electricPiano: StruckPatch = {
  ...piano,
  ratios: [1, 2, 4, 7.1],
  slope: 1.7,
  damping: 0.9,
  inharmonicity: 0,
  decay: 5,
  knock: 0.15,
};

const mallet: StruckPatch = {
  ...piano,
  gain: 0.55,
  ratios: [1, 3.98, 9.1],
  slope: 1.5,
  strikePoint: 0,
  decay: 1.6,
  damping: 2,
  release: 0.6,
  knock: 0.3,
};

const bell: StruckPatch = { ...mallet, gain: 0.4, ratios: [1, 2.76, 5.4, 8.9], decay: 4.5, damping: 0.6, release: 1.2 };

const plucked: StruckPatch = {
  ...piano,
  gain: 0.5,
  partials: 14,
  slope: 1.05,
  dullness: 0.8,
  strikePoint: 1 / 5,
  inharmonicity: 0.00005,
  decay: 3.4,
  halving: 18,
  damping: 0.55,
  attack: 0.0015,
  release: 0.15,
  knock: 0.3,
};

const bass: StruckPatch = {
  ...plucked,
  gain: 0.62,
  partials: 9,
  slope: 1.3,
  decay: 3.2,
  halving: 24,
  damping: 0.8,
  release: 0.09,
  knock: 0.2,
};

const organ: SustainedPatch = {
  kind: 'sustained',
  gain: 0.17,
  harmonics: [1, 0.7, 0.45, 0.35, 0.06, 0.2, 0, 0.16],
  attack: 0.02,
  release: 0.09,
  sustain: 1,
  vibrato: 0,
  detune: 0,
};

const strings: SustainedPatch = {
  kind: 'sustained',
  gain: 0.2,
  harmonics: [1, 0.55, 0.42, 0.28, 0.22, 0.15, 0.11, 0.08, 0.06, 0.04],
  attack: 0.09,
  release: 0.28,
  sustain: 0.85,
  vibrato: 7,
  detune: 9,
};

const choir: SustainedPatch = { ...strings, harmonics: [1, 0.5, 0.16, 0.2, 0.06, 0.03], attack: 0.12, vibrato: 9 };
const brass: SustainedPatch = {
  ...strings,
  harmonics: [1, 0.85, 0.7, 0.5, 0.34, 0.22, 0.13, 0.08],
  gain: 0.17,
  attack: 0.045,
  release: 0.12,
  detune: 0,
};
const reed: SustainedPatch = {
  ...brass,
  harmonics: [1, 0.25, 0.6, 0.2, 0.35, 0.12, 0.14],
  attack: 0.03,
  vibrato: 5,
};
const flute: SustainedPatch = { ...reed, gain: 0.22, harmonics: [1, 0.32, 0.1, 0.04], attack: 0.05, vibrato: 9 };
const lead: SustainedPatch = {
  ...reed,
  gain: 0.15,
  harmonics: Array.from({ length: 14 }, (_, index) => 1 / (index + 1) ** 1.1),
  attack: 0.012,
  release: 0.1,
};
const pad: SustainedPatch = { ...strings, gain: 0.17, attack: 0.25, release: 0.6, sustain: 1 };

/** By General MIDI family: sixteen groups of eight programs. */
const families: readonly Patch[] = [
  piano,
  mallet,
  organ,
  plucked,
  bass,
  strings,
  strings,
  brass,
  reed,
  flute,
  lead,
  pad,
  pad,
  plucked,
  mallet,
  mallet,
];

/** Programs that differ from their family. */
const exceptions: Record<number, Patch> = {
  4: electricPiano,
  5: electricPiano,
  6: plucked,
  7: plucked,
  8: bell,
  9: bell,
  10: bell,
  14: bell,
  45: plucked,
  46: plucked,
  52: choir,
  53: choir,
  54: choir,
  91: choir,
  108: mallet,
  109: reed,
  110: strings,
  111: reed,
};

/** The sound of a General MIDI program, 0..127. */
export function patchOf(program: number): Patch {
  return exceptions[program] ?? families[Math.floor(program / 8)] ?? piano;
}
