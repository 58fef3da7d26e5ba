// Inputs of the history (`historyInputs` of the tokenizer) that presets use, with the widths of their vectors.

/** All that tokens of frames tell, with the widths of the vectors. */
export const TOLD = { place: 32, beat: 16, above: 64, repeat: 64, trust: 16 };

/**
 * For tunes, whose strains come twice: where in a strain a frame stands, for how long the chord has lasted, what stood a
 * strain before, and the passage that repeats, without what is so near that a chord which lasts would repeat itself.
 */
export const TOLD_OF_STRAINS = {
  place: 32,
  beat: 16,
  span: 32,
  topStood: 16,
  bassStood: 24,
  bassStoodBefore: 16,
  above: 48,
  strain: 48,
  strainTrust: 16,
  back24: 24,
  back32: 24,
  back48: 24,
  back64: 24,
  back96: 24,
  back128: 24,
};

/** For performances: the keys, and the pedal, that are down, so that none is forgotten. */
export const TOLD_OF_KEYS = {
  down: 16,
  oldest: 32,
  oldestFor: 12,
  second: 32,
  secondFor: 12,
  third: 32,
  thirdFor: 12,
  pedal: 12,
  repeat: 48,
  trust: 12,
  key: 24,
};

/** For several instruments: what the bars before have at this place, so that a rhythm is kept, and where in a phrase it is. */
export const TOLD_OF_BARS = { position: 16, phrase: 16, bar1: 48, bar2: 48, bar4: 48, bar8: 32, key: 24 };
