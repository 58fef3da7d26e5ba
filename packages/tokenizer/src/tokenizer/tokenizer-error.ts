import { oneLine } from '../one-line.js';

/** What is wrong with a scheme, a vocabulary or a tokenizer. */
export type TokenizerErrorCode =
  | 'RONDO_SCHEME_UNKNOWN'
  | 'RONDO_SCHEME_TOO_LONG'
  | 'RONDO_TOKENIZER_FORMAT'
  | 'RONDO_TOKENIZER_MISMATCH'
  | 'RONDO_TOKEN_UNSEEN'
  | 'RONDO_TOKEN_RANGE'
  | 'RONDO_CONDITION_VALUE'
  | 'RONDO_CONDITION_UNKNOWN'
  | 'RONDO_AUGMENT_RANGE';

/** Tokens, vocabularies and tokenizers that do not fit together, in one line. */
export class TokenizerError extends Error {
  override readonly name = 'TokenizerError';

  constructor(
    readonly code: TokenizerErrorCode,
    message: string,
  ) {
    super(oneLine(message));
  }
}
