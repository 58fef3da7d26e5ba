import { z } from 'zod';
import { CONDITION_KINDS, type ConditionKind, type ConditionValues } from '../conditions/condition.js';
import { ConditionVocabulary } from '../conditions/condition-vocabulary.js';
import { conditionTokens } from '../conditions/derive.js';
import { ConditionGrammar } from '../conditions/grammar.js';
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
  conditions: z.array(z.enum(CONDITION_KINDS)).optional(),
  tokens: z.array(z.string()).min(1),
  fingerprint: z.string(),
});

/** What stands in `tokenizer.json`. */
export interface TokenizerJson {
  format: 'rondo-tokenizer';
  formatVersion: 1;
  scheme: SchemeConfig;
  /** Kinds of the tokens between BOS and the music; absent where there are none. */
  conditions?: readonly ConditionKind[];
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
  /** What pieces can be asked to be, in the order of their tokens between BOS and the music. */
  readonly conditions: readonly ConditionKind[];
  private readonly wishes: ConditionVocabulary;
  private readonly masks: MaskCache;
  private hash: string | undefined;

  constructor(
    readonly scheme: Scheme,
    readonly vocabulary: Vocabulary,
    conditions: readonly ConditionKind[] = [],
  ) {
    this.wishes = new ConditionVocabulary(conditions, vocabulary);
    this.conditions = this.wishes.kinds;
    if (this.conditions.length > 0 && !scheme.specials) {
      const message = `the scheme "${scheme.name}" without BOS has no place for conditions: choose another or give it an option`;
      throw new TokenizerError('RONDO_TOKENIZER_FORMAT', message);
    }
    this.masks = new MaskCache(vocabulary);
    if (!scheme.specials) return;
    [this.bos, this.eos, this.unk] = SPECIAL_TOKENS.map((token) => vocabulary.id(token));
    if (this.bos !== undefined && this.eos !== undefined && this.unk !== undefined) return;
    throw new TokenizerError('RONDO_TOKENIZER_FORMAT', `a vocabulary for "${scheme.name}" needs BOS, EOS and UNK`);
  }

  /**
   * Ids of a whole piece, between BOS and EOS where the scheme has them. Unseen tokens become UNK.
   * @param given conditions of the piece; the others are taken from the music where it says them
   * @throws TokenizerError RONDO_TOKEN_UNSEEN for an unseen token where there is no UNK, RONDO_CONDITION_VALUE.
   */
  encode(score: Score, given: ConditionValues = {}): Int32Array {
    const ids = this.ids([...conditionTokens(this.conditions, score, given), ...this.scheme.encode(score)]);
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
    const music = piece.filter((id) => id !== this.bos && id !== this.unk && !this.isCondition(id));
    return this.scheme.decode(this.tokens(music));
  }

  /** Whether an id says what the piece is asked to be, and is no music. */
  isCondition(id: number): boolean {
    return this.wishes.has(id);
  }

  /** Values of a condition that the training pieces had, numbers in their order. */
  conditionChoices(kind: ConditionKind): string[] {
    return this.wishes.choices(kind);
  }

  /**
   * What a piece that is to fulfil `wishes` begins with: BOS and their tokens, to be gone on from. Of tempo and density
   * the nearest known value is taken.
   * @throws TokenizerError RONDO_CONDITION_UNKNOWN for a wish that the vocabulary has no token for,
   * RONDO_CONDITION_VALUE for one that makes no sense.
   */
  conditionPrefix(wishes: ConditionValues): Int32Array {
    const ids = this.wishes.idsOf(wishes);
    return Int32Array.from(this.bos === undefined ? ids : [this.bos, ...ids]);
  }

  /** Tokens of ids, one for one. @throws TokenizerError RONDO_TOKEN_RANGE. */
  tokens(ids: ArrayLike<number>): string[] {
    return Array.from(ids, (id) => this.vocabulary.token(id));
  }

  /** A grammar at the start of a piece, before BOS. */
  grammarCursor(): GrammarCursor {
    const music = this.scheme.grammar();
    const grammar = this.conditions.length === 0 ? music : new ConditionGrammar(music, this.conditions);
    return new GrammarCursor(this.masks, grammar);
  }

  /** SHA-256 (hex) of scheme and vocabulary: equal ids mean the same on both sides exactly if these are equal. */
  get fingerprint(): string {
    this.hash ??= sha256Hex(canonicalJson({ ...this.options, tokens: this.vocabulary.tokens }));
    return this.hash;
  }

  toJSON(): TokenizerJson {
    return {
      format: 'rondo-tokenizer',
      formatVersion: 1,
      ...this.options,
      tokens: this.vocabulary.tokens,
      fingerprint: this.fingerprint,
    };
  }

  /** Everything but the vocabulary. */
  private get options(): Pick<TokenizerJson, 'scheme' | 'conditions'> {
    const { scheme, conditions } = this;
    return conditions.length === 0 ? { scheme: scheme.config } : { scheme: scheme.config, conditions };
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
    const { scheme, conditions, tokens, fingerprint } = parsed.data;
    const tokenizer = new Tokenizer(createScheme(scheme), new Vocabulary(tokens), conditions);
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
