/** The browser-safe entry of `@rondo/tokenizer`: scores, MIDI bytes, schemes, tokenizers, augmentation, baselines. */
export * from './errors.js';
export type * from './score/score.js';
export type { Grammar, JsonValue, Scheme, SchemeConfig, SchemeFactory, SchemeName } from './schemes/scheme.js';
export { createScheme, schemeNames } from './schemes/registry.js';
export { RemiScheme } from './schemes/remi/remi.js';
export type { RemiConfig, RemiOptions } from './schemes/remi/config.js';
export { GridScheme } from './schemes/grid/grid.js';
export type { GridConfig, GridOptions } from './schemes/grid/config.js';
export { compareCodePoints, SPECIAL_TOKENS, Vocabulary } from './tokenizer/vocabulary.js';
export { assertSameTokenizer, Tokenizer, type TokenizerJson, type TokenizerSide } from './tokenizer/tokenizer.js';
export { GrammarCursor } from './tokenizer/grammar-cursor.js';
export { canonicalJson, sha256Hex } from './tokenizer/fingerprint.js';
export { TokenizerError, type TokenizerErrorCode } from './tokenizer/tokenizer-error.js';
export { pitchExtent, shiftVelocity, stretch, transpose } from './augment/augment.js';
export { NgramModel } from './baselines/ngram.js';
export { Windows, type WindowPlace } from './dataset/windows.js';
export type * from './dataset/types.js';
