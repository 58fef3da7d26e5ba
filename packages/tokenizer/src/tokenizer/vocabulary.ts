import { TokenizerError } from './tokenizer-error.js';

/** The special tokens, in id order, of vocabularies that have them. */
export const SPECIAL_TOKENS = ['BOS', 'EOS', 'UNK'] as const;

/** Order of Unicode code points, which is how Python sorts strings (JavaScript sorts UTF-16 units). */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    // A pair is read whole, from its first unit: code points above 65,535 sort behind all others.
    const start = i > 0 && isHighSurrogate(a.charCodeAt(i - 1)) ? i - 1 : i;
    return (a.codePointAt(start) ?? 0) - (b.codePointAt(start) ?? 0);
  }
  return a.length - b.length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** Tokens and their ids 0 … size-1. Immutable. */
export class Vocabulary {
  private readonly ids: ReadonlyMap<string, number>;

  /** @param tokens the token of each id; each once. */
  constructor(readonly tokens: readonly string[]) {
    this.ids = new Map(tokens.map((token, id) => [token, id]));
    if (this.ids.size === tokens.length) return;
    const twice = tokens.find((token, id) => this.ids.get(token) !== id);
    throw new TokenizerError('RONDO_TOKENIZER_FORMAT', `the vocabulary holds the token "${twice}" twice`);
  }

  /**
   * The sorted set of `tokens`. Without specials an id is the rank in it, as in the tutorial;
   * with them BOS, EOS and UNK come first.
   */
  static build(tokens: Iterable<string>, options: { specials: boolean }): Vocabulary {
    const specials: readonly string[] = options.specials ? SPECIAL_TOKENS : [];
    const distinct = new Set(tokens);
    for (const special of specials) distinct.delete(special);
    return new Vocabulary([...specials, ...[...distinct].sort(compareCodePoints)]);
  }

  get size(): number {
    return this.tokens.length;
  }

  /** Id of a token, undefined if it was never seen. */
  id(token: string): number | undefined {
    return this.ids.get(token);
  }

  /** Token of an id. @throws TokenizerError RONDO_TOKEN_RANGE outside 0 … size-1. */
  token(id: number): string {
    const token = this.tokens[id];
    if (token !== undefined) return token;
    throw new TokenizerError('RONDO_TOKEN_RANGE', `expected a token id from 0 to ${this.size - 1}, got ${id}`);
  }
}
