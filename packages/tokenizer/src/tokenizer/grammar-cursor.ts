import type { Grammar } from '../schemes/scheme.js';
import type { MergedMask } from './merged-mask.js';

const CACHE_BYTES = 16 * 1024 * 1024;

/** Masks by grammar state, shared by all cursors of a tokenizer; the oldest go first when it is full. */
export class MaskCache {
  private readonly masks = new Map<string | number, Uint8Array>();
  private readonly capacity: number;

  /** @param tokens of ids 0 and on */
  constructor(private readonly tokens: readonly string[]) {
    this.capacity = Math.max(64, Math.floor(CACHE_BYTES / Math.max(1, tokens.length)));
  }

  /** Ids that a mask speaks of. */
  get size(): number {
    return this.tokens.length;
  }

  mask(grammar: Grammar): Uint8Array {
    const key = grammar.stateKey();
    const known = this.masks.get(key);
    if (known !== undefined) return known;
    const mask = Uint8Array.from(this.tokens, (token) => (grammar.allows(token) ? 1 : 0));
    if (this.masks.size >= this.capacity) this.masks.delete(this.masks.keys().next().value as string | number);
    this.masks.set(key, mask);
    return mask;
  }
}

/** What cursors of one tokenizer share. */
export interface MaskSource {
  /** Masks of the plain ids. */
  readonly cache: MaskCache;
  /** Merged ids; absent where there are none. */
  readonly merged?: MergedMask;
  /** The plain tokens that an id stands for. @throws TokenizerError RONDO_TOKEN_RANGE */
  spell(id: number): readonly string[];
}

/** Follows one piece id by id and says which ids may come next. */
export class GrammarCursor {
  constructor(
    private readonly source: MaskSource,
    private readonly grammar: Grammar,
  ) {}

  /** Fills `out` (vocabulary.size long) with 1 for each id that may follow, 0 for the others; UNK never may. */
  mask(out: Uint8Array): void {
    const { cache, merged } = this.source;
    out.set(cache.mask(this.grammar));
    if (merged === undefined) return;
    out.fill(0, cache.size);
    merged.fill(out, this.grammar);
  }

  /** Whether one id may follow: of a merged one all its tokens, one after another. */
  allows(id: number): boolean {
    const tokens = this.source.spell(id);
    if (tokens.length === 1) return this.grammar.allows(tokens[0]);
    const grammar = this.grammar.clone();
    return tokens.every((token) => {
      const isLegal = grammar.allows(token);
      grammar.push(token);
      return isLegal;
    });
  }

  /** Advances by one id; an illegal one is read as `decode` reads it. */
  push(id: number): void {
    for (const token of this.source.spell(id)) this.grammar.push(token);
  }

  /** An independent copy of the present state (for several continuations of one beginning). */
  clone(): GrammarCursor {
    return new GrammarCursor(this.source, this.grammar.clone());
  }
}
