import { WEIGHT_PRECISIONS } from '@rondo/core-native';
import { CONDITION_KINDS } from '@rondo/tokenizer';
import { PRESET_NAMES, TUNE_DEFAULTS } from '@rondo/trainer';
import { expect, it } from 'vitest';
import * as shown from './library-names.js';

it('what help texts show of the libraries is what they have', () => {
  expect({ ...shown }).toEqual({ WEIGHT_PRECISIONS, CONDITION_KINDS, PRESET_NAMES, TUNE_DEFAULTS });
});
