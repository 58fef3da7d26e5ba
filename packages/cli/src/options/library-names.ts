import type * as engine from '@rondo/core-native';
import type * as music from '@rondo/tokenizer';
import type * as learning from '@rondo/trainer';

/**
 * What help texts show of the libraries, so that help needs to load none of them. The types hold these lists and the
 * libraries' own together: one name too many or too few does not compile.
 */

export const WEIGHT_PRECISIONS: typeof engine.WEIGHT_PRECISIONS = ['fp32', 'bf16', 'int8'];

export const CONDITION_KINDS: typeof music.CONDITION_KINDS = ['alone', 'genre', 'composer', 'instrument', 'tempo', 'density', 'key']; // prettier-ignore

export const TUNE_DEFAULTS: typeof learning.TUNE_DEFAULTS = { trials: 27, epochs: 9, reduction: 3, objective: 'all', seed: 1 }; // prettier-ignore

const PRESETS: Record<learning.PresetName, true> = {
  tutorial: true,
  'tutorial-fig6': true,
  'tutorial-fig7': true,
  small: true,
  medium: true,
  large: true,
  bilstm: true,
  chorales: true,
  nottingham: true,
  piano: true,
  'piano-small': true,
  band: true,
};
export const PRESET_NAMES = Object.keys(PRESETS) as readonly learning.PresetName[];
