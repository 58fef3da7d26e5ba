import type { Score } from '../score/score.js';

/** Names of the tokenizations that a dataset or a bundle can be made with. */
export type SchemeName = 'chord' | 'remi' | 'grid' | 'performance';

/** Plain JSON, as it stands in `tokenizer.json`. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Every option of a scheme with its defaults filled in; `name` tells which scheme. */
export interface SchemeConfig {
  readonly name: SchemeName;
  readonly [option: string]: JsonValue;
}

/**
 * The state of reading one piece from left to right: which token may come next.
 * The two pseudo tokens `BOS` and `EOS` may be asked for and pushed as well.
 */
export interface Grammar {
  /** Whether `token` is a legal continuation of what was pushed so far. Unknown tokens are not. */
  allows(token: string): boolean;
  /** Advances by one token. What is not legal is read as `decode` reads it: skipped, or taken as a new start. */
  push(token: string): void;
  /** An independent copy of the present state. */
  clone(): Grammar;
  /**
   * Two states with equal keys allow exactly the same tokens: masks are cached under it.
   * A grammar that is the same at every position returns a constant.
   */
  stateKey(): string | number;
}

/** One tokenization: Score ↔ token strings. Stateless and safe to share. */
export interface Scheme {
  readonly name: SchemeName;
  /** All options, defaults included; `createScheme(scheme.config)` gives an equal scheme. */
  readonly config: SchemeConfig;
  /** False for the tutorial's plain chord scheme: its vocabulary has no BOS, EOS and UNK. */
  readonly specials: boolean;
  /** Whether notes of drum tracks become tokens. If not, percussion-only files are skipped. */
  readonly percussion: boolean;
  /** The token that closes a frame (`grid` only): counting it counts frames. */
  readonly frameEnd?: string;
  /** Whether a token begins a note, one for each; absent where tokens do not tell notes apart. */
  startsNote?(token: string): boolean;
  /** The token that begins a bar: nothing is merged across it. */
  readonly barStart?: string;
  /** Tokens of a whole piece, without BOS and EOS. Throws only for pieces of absurd length (RONDO_SCHEME_TOO_LONG). */
  encode(score: Score): string[];
  /** The Score of any sequence of strings; what is illegal at its place is skipped. Never throws. */
  decode(tokens: readonly string[]): Score;
  /** What the scheme keeps of a score: `decode(encode(s))` deep-equals `quantise(s)`. */
  quantise(score: Score): Score;
  /** A fresh grammar, at the start of a piece. */
  grammar(): Grammar;
}

/**
 * How a scheme enters the registry: each folder `schemes/<name>/` exports one
 * (`remiScheme`, `chordScheme`, `performanceScheme`, `gridScheme`).
 */
export interface SchemeFactory {
  readonly name: SchemeName;
  /** Checks the options (unknown keys and bad values throw a typed error) and fills defaults. */
  create(options?: { readonly [option: string]: unknown }): Scheme;
}
