import { z } from 'zod';
import type { Score } from '../score/score.js';
import { createScheme } from '../schemes/registry.js';
import type { Scheme, SchemeConfig } from '../schemes/scheme.js';
import { canonicalJson, sha256Hex } from './fingerprint.js';
import { GrammarCursor, MaskCache } from './grammar-cursor.js';
import { TokenizerError } from './tokenizer-error.js';
import { SPECIAL_TOKENS, Vocabulary } from './vocabulary.js';

const jsonSchema = z.object({
  format: z.literal('rondo-tokenizer'),
  formatVersion: z.literal(1),
  scheme: z.looseObject({ name: z.string() }),
  tokens: z.array(z.string()).min(1),
  fingerprint: z.string(),
});

/** What stands in `tokenizer.json`. */
export interface TokenizerJson {
  format: 'rondo-tokenizer';
  formatVersion: 1;
  scheme: SchemeConfig;
  /** The token of each id. */
  tokens: readonly string[];
  fingerprint: string;
}

/** A scheme with its vocabulary: scores to ids and back. Immutable. */
export class Tokenizer {
  /** Ids of the special tokens; undefined in vocabularies without them. */
  readonly bos?: number;
  readonly eos?: number;
  readonly unk?: number;
  private readonly masks: MaskCache;
  private hash: string | undefined;

  constructor(
    readonly scheme: Scheme,
    readonly vocabulary: Vocabulary,
  ) {
    this.masks = new MaskCache(vocabulary);
    if (!scheme.specials) return;
    [this.bos, this.eos, this.unk] = SPECIAL_TOKENS.map((token) => vocabulary.id(token));
    if (this.bos !== undefined && this.eos !== undefined && this.unk !== undefined) return;
    throw new TokenizerError('RONDO_TOKENIZER_FORMAT', `a vocabulary for "${scheme.name}" needs BOS, EOS and UNK`);
  }

  /**
   * Ids of a whole piece, between BOS and EOS where the scheme has them. Unseen tokens become UNK.
   * @throws TokenizerError RONDO_TOKEN_UNSEEN for an unseen token where there is no UNK.
   */
  encode(score: Score): Int32Array {
    const ids = this.ids(this.scheme.encode(score));
    if (this.bos === undefined || this.eos === undefined) return ids;
    const framed = new Int32Array(ids.length + 2);
    framed.set(ids, 1);
    framed[0] = this.bos;
    framed[framed.length - 1] = this.eos;
    return framed;
  }

  /** Ids of tokens, one for one. @throws as `encode`. */
  ids(tokens: readonly string[]): Int32Array {
    return Int32Array.from(tokens, (token) => {
      const id = this.vocabulary.id(token) ?? this.unk;
      if (id !== undefined) return id;
      throw new TokenizerError(
        'RONDO_TOKEN_UNSEEN',
        `the token "${token}" is not in the vocabulary of ${this.vocabulary.size} tokens, which has no UNK: use music the model was made for`,
      );
    });
  }

  /** How many of these ids are UNK. */
  countUnknown(ids: ArrayLike<number>): number {
    let count = 0;
    for (let i = 0; i < ids.length; i += 1) if (ids[i] === this.unk) count += 1;
    return count;
  }

  /** The score of the first piece in `ids` (up to EOS); special and illegal tokens are skipped. */
  decode(ids: ArrayLike<number>): Score {
    const all = Array.from(ids);
    const end = this.eos === undefined ? -1 : all.indexOf(this.eos);
    const piece = end < 0 ? all : all.slice(0, end);
    return this.scheme.decode(this.tokens(piece.filter((id) => id !== this.bos && id !== this.unk)));
  }

  /** Tokens of ids, one for one. @throws TokenizerError RONDO_TOKEN_RANGE. */
  tokens(ids: ArrayLike<number>): string[] {
    return Array.from(ids, (id) => this.vocabulary.token(id));
  }

  /** A grammar at the start of a piece, before BOS. */
  grammarCursor(): GrammarCursor {
    return new GrammarCursor(this.masks, this.scheme.grammar());
  }

  /** SHA-256 (hex) of scheme and vocabulary: equal ids mean the same on both sides exactly if these are equal. */
  get fingerprint(): string {
    this.hash ??= sha256Hex(canonicalJson({ scheme: this.scheme.config, tokens: this.vocabulary.tokens }));
    return this.hash;
  }

  toJSON(): TokenizerJson {
    return {
      format: 'rondo-tokenizer',
      formatVersion: 1,
      scheme: this.scheme.config,
      tokens: this.vocabulary.tokens,
      fingerprint: this.fingerprint,
    };
  }

  /** @throws TokenizerError RONDO_TOKENIZER_FORMAT for what is no tokenizer, RONDO_TOKENIZER_MISMATCH for a changed one. */
  static fromJSON(json: unknown): Tokenizer {
    const parsed = jsonSchema.safeParse(json);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0];
      throw new TokenizerError(
        'RONDO_TOKENIZER_FORMAT',
        `this is no tokenizer.json of version 1: ${path.join('.')} ${message}`,
      );
    }
    const { scheme, tokens, fingerprint } = parsed.data;
    const tokenizer = new Tokenizer(createScheme(scheme), new Vocabulary(tokens));
    assertSameTokenizer(
      { name: 'the fingerprint in the file', fingerprint, vocabulary: tokens.length },
      { name: 'its scheme and tokens', fingerprint: tokenizer.fingerprint, vocabulary: tokens.length },
    );
    return tokenizer;
  }
}

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
