import type { Tokenizer } from '@rondo/tokenizer';
import type { Start } from '../prime.js';

/**
 * A performance that begins from nothing is silent for so many milliseconds at most. Recordings are: every held-out piece of
 * MAESTRO begins after 0 to 1.1 seconds, samples after up to eight. None at all makes the music that follows denser and more
 * wayward, since networks have hardly seen that.
 */
const LONGEST_MS = 1000;

interface Wait {
  readonly id: number;
  readonly ms: number;
}

/** How long the silence before the first key may still be. */
export class Opening {
  #over: boolean;
  #ms = 0;

  private constructor(
    private readonly tokenizer: Tokenizer,
    private readonly waits: readonly Wait[],
    context: Int32Array,
  ) {
    this.#over = context.some((id) => this.#isMusic(id));
  }

  /** Undefined for schemes that count bars. */
  static of(tokenizer: Tokenizer, { context }: Start): Opening | undefined {
    if (tokenizer.scheme.name !== 'performance') return undefined;
    const ids = Array.from({ length: tokenizer.vocabulary.size }, (_, id) => id);
    const waits = ids.map((id) => ({ id, ms: waitOf(tokenizer.spell(id)) })).filter(({ ms }) => ms > 0);
    return new Opening(tokenizer, waits, context);
  }

  push(id: number): void {
    if (this.#over) return;
    this.#ms += waitOf(this.tokenizer.spell(id));
    this.#over = this.#isMusic(id);
  }

  /** Ids of waits that are too long while nothing has been heard. */
  get banned(): readonly number[] {
    if (this.#over) return [];
    return this.waits.flatMap(({ id, ms }) => (this.#ms + ms > LONGEST_MS ? [id] : []));
  }

  #isMusic(id: number): boolean {
    const { scheme } = this.tokenizer;
    return this.tokenizer.spell(id).some((name) => scheme.startsNote?.(name) === true);
  }
}

/** Milliseconds of the waits that a token begins with. */
function waitOf(names: readonly string[]): number {
  let ms = 0;
  for (const name of names) {
    const [word, value] = name.split('_');
    if (word !== 'TimeShift') break;
    ms += Number(value);
  }
  return ms;
}
