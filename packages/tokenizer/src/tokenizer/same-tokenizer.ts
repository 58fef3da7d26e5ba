import { TokenizerError } from './tokenizer-error.js';

/** One side of a comparison of tokenizers. */
export interface TokenizerSide {
  /** What the user knows it as, e.g. `the dataset /music/bach`. */
  readonly name: string;
  readonly fingerprint: string;
  readonly vocabulary: number;
}

/** @throws TokenizerError RONDO_TOKENIZER_MISMATCH that names both sides. */
export function assertSameTokenizer(a: TokenizerSide, b: TokenizerSide): void {
  if (a.fingerprint === b.fingerprint) return;
  const side = ({ name, fingerprint, vocabulary }: TokenizerSide): string =>
    `${name} (${vocabulary} tokens, ${fingerprint.slice(0, 12)})`;
  throw new TokenizerError(
    'RONDO_TOKENIZER_MISMATCH',
    `${side(a)} and ${side(b)} do not have the same vocabulary: use the tokenizer that the model was trained with`,
  );
}
