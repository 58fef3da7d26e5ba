import type { ConditionKind, ConditionValues } from '../conditions/condition.js';
import { ConditionVocabulary } from '../conditions/condition-vocabulary.js';
import { conditionTokens } from '../conditions/derive.js';
import { ConditionGrammar } from '../conditions/grammar.js';
import type { Score } from '../score/score.js';
import { createScheme } from '../schemes/registry.js';
import type { Scheme } from '../schemes/scheme.js';
import { canonicalJson, sha256Hex } from './fingerprint.js';
import { GrammarCursor, MaskCache, type MaskSource } from './grammar-cursor.js';
import { MergeTable, type Merge } from './merge-table.js';
import { MergedMask } from './merged-mask.js';
import { assertSameTokenizer } from './same-tokenizer.js';
import { TokenizerError } from './tokenizer-error.js';
import { parseTokenizerJson, type TokenizerJson } from './tokenizer-json.js';
import { SPECIAL_TOKENS, Vocabulary } from './vocabulary.js';

/** A scheme with its vocabulary: scores to ids and back. Immutable. */
export class Tokenizer {
  /** Ids of the special tokens; undefined in vocabularies without them. */
  readonly bos?: number;
  readonly eos?: number;
  readonly unk?: number;
  /** What pieces can be asked to be, in the order of their tokens between BOS and the music. */
  readonly conditions: readonly ConditionKind[];
  private readonly wishes: ConditionVocabulary;
  /** Names of all ids: of a merged one, its plain tokens with `+` between them. */
  readonly vocabulary: Vocabulary;
  private readonly table: MergeTable;
  private readonly masks: MaskSource;
  private noteCounts: number[] | undefined;
  private hash: string | undefined;

  /**
   * @param plain the tokens that the scheme writes, and special ones
   * @param merges pairs that become one id, as `learnMerges` finds them; their ids follow those of the vocabulary
   */
  constructor(
    readonly scheme: Scheme,
    plain: Vocabulary,
    conditions: readonly ConditionKind[] = [],
    readonly merges: readonly Merge[] = [],
  ) {
    this.table = new MergeTable(plain.size, merges);
    const vocabulary =
      merges.length === 0 ? plain : new Vocabulary([...plain.tokens, ...mergedNames(plain, this.table)]);
    this.vocabulary = vocabulary;
    this.wishes = new ConditionVocabulary(conditions, vocabulary);
    this.conditions = this.wishes.kinds;
    if (this.conditions.length > 0 && !scheme.specials) {
      const message = `the scheme "${scheme.name}" without BOS has no place for conditions: choose another or give it an option`;
      throw new TokenizerError('RONDO_TOKENIZER_FORMAT', message);
    }
    this.masks = {
      cache: new MaskCache(plain.tokens),
      ...(merges.length === 0 ? {} : { merged: new MergedMask(this.table, plain.tokens) }),
      spell: (id) => this.spell(id),
    };
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
    const ids = this.merge(this.ids([...conditionTokens(this.conditions, score, given), ...this.scheme.encode(score)]));
    if (this.bos === undefined || this.eos === undefined) return ids;
    const framed = new Int32Array(ids.length + 2);
    framed.set(ids, 1);
    framed[0] = this.bos;
    framed[framed.length - 1] = this.eos;
    return framed;
  }

  /** Ids of tokens, one for one, nothing merged. @throws as `encode`. */
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

  /** Ids with every merge done; the same where there are no merges. */
  merge(ids: Int32Array): Int32Array {
    return this.merges.length === 0 ? ids : this.table.merge(ids);
  }

  /** The plain tokens that an id stands for: one, or those of a merged id. @throws TokenizerError RONDO_TOKEN_RANGE. */
  spell(id: number): readonly string[] {
    const name = this.vocabulary.token(id);
    return id < this.table.base ? [name] : Array.from(this.table.spell(id), (plain) => this.vocabulary.token(plain));
  }

  /** Notes that begin in `ids`; undefined for schemes whose tokens do not tell. */
  countNotes(ids: ArrayLike<number>): number | undefined {
    if (this.scheme.startsNote === undefined) return undefined;
    this.noteCounts ??= this.vocabulary.tokens.map(
      (_, id) => this.spell(id).filter((token) => this.scheme.startsNote?.(token)).length,
    );
    let notes = 0;
    for (let i = 0; i < ids.length; i += 1) notes += this.noteCounts[ids[i]] ?? 0;
    return notes;
  }

  /** By id: 1 for tokens that say which pitches sound: notes, the notes of a frame, the chords of an onset. */
  pitchIds(): Uint8Array {
    const { scheme } = this;
    const sounds = (token: string): boolean =>
      scheme.startsNote?.(token) ?? scheme.decode([token]).tracks.some(({ notes }) => notes.length > 0);
    return Uint8Array.from(this.vocabulary.tokens, (_, id) => (this.spell(id).some(sounds) ? 1 : 0));
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
    return this.scheme.decode(music.flatMap((id) => this.spell(id)));
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

  /** Names of ids, one for one. @throws TokenizerError RONDO_TOKEN_RANGE. */
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
    this.hash ??= sha256Hex(canonicalJson({ ...this.options, ...this.names }));
    return this.hash;
  }

  toJSON(): TokenizerJson {
    return {
      format: 'rondo-tokenizer',
      formatVersion: 1,
      ...this.options,
      ...this.names,
      fingerprint: this.fingerprint,
    };
  }

  /** Everything but the vocabulary. */
  private get options(): Pick<TokenizerJson, 'scheme' | 'conditions'> {
    const { scheme, conditions } = this;
    return conditions.length === 0 ? { scheme: scheme.config } : { scheme: scheme.config, conditions };
  }

  /** The vocabulary, as it stands in the file. */
  private get names(): Pick<TokenizerJson, 'tokens' | 'merges'> {
    const { tokens } = this.vocabulary;
    return this.merges.length === 0 ? { tokens } : { tokens, merges: this.merges };
  }

  /** @throws TokenizerError RONDO_TOKENIZER_FORMAT for what is no tokenizer, RONDO_TOKENIZER_MISMATCH for a changed one. */
  static fromJSON(json: unknown): Tokenizer {
    const { scheme, conditions, tokens, merges = [], fingerprint } = parseTokenizerJson(json);
    const plain = new Vocabulary(tokens.slice(0, Math.max(0, tokens.length - merges.length)));
    const tokenizer = new Tokenizer(createScheme(scheme), plain, conditions, merges);
    assertSameTokenizer(
      { name: 'the fingerprint in the file', fingerprint, vocabulary: tokens.length },
      { name: 'its scheme and tokens', fingerprint: tokenizer.fingerprint, vocabulary: tokens.length },
    );
    return tokenizer;
  }
}

function mergedNames(plain: Vocabulary, table: MergeTable): string[] {
  return table.merges.map((_, k) => Array.from(table.spell(plain.size + k), (id) => plain.token(id)).join('+'));
}
