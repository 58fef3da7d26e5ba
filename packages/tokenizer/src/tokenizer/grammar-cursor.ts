import type { Grammar } from '../schemes/scheme.js';
import type { Vocabulary } from './vocabulary.js';

const CACHE_BYTES = 16 * 1024 * 1024;

/** Masks by grammar state, shared by all cursors of a tokenizer; the oldest go first when it is full. */
export class MaskCache {
  private readonly masks = new Map<string | number, Uint8Array>();
  private readonly capacity: number;

  constructor(readonly vocabulary: Vocabulary) {
    this.capacity = Math.max(64, Math.floor(CACHE_BYTES / Math.max(1, vocabulary.size)));
  }

  mask(grammar: Grammar): Uint8Array {
    const key = grammar.stateKey();
    const known = this.masks.get(key);
    if (known !== undefined) return known;
    const mask = Uint8Array.from(this.vocabulary.tokens, (token) => (grammar.allows(token) ? 1 : 0));
    if (this.masks.size >= this.capacity) this.masks.delete(this.masks.keys().next().value as string | number);
    this.masks.set(key, mask);
    return mask;
  }
}

/** Follows one piece id by id and says which ids may come next. */
export class GrammarCursor {
  constructor(
    private readonly cache: MaskCache,
    private readonly grammar: Grammar,
  ) {}

  /** Fills `out` (vocabulary.size long) with 1 for each id that may follow, 0 for the others; UNK never may. */
  mask(out: Uint8Array): void {
    out.set(this.cache.mask(this.grammar));
  }

  /** Whether one id may follow. */
  allows(id: number): boolean {
    return this.grammar.allows(this.cache.vocabulary.token(id));
  }

  /** Advances by one id; an illegal one is read as `decode` reads it. */
  push(id: number): void {
    this.grammar.push(this.cache.vocabulary.token(id));
  }

  /** An independent copy of the present state (for several continuations of one beginning). */
  clone(): GrammarCursor {
    return new GrammarCursor(this.cache, this.grammar.clone());
  }
}
