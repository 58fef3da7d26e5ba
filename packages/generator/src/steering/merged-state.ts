import type { Tokenizer } from '@rondo/tokenizer';
import type { PathState } from './path.js';

/** For each id the plain ids that it stands for: itself, or those of a merge. */
export function plainIds(tokenizer: Tokenizer): readonly (readonly number[])[] {
  const { vocabulary } = tokenizer;
  return vocabulary.tokens.map((_, id) => {
    const names = tokenizer.spell(id);
    return names.length === 1 ? [id] : names.map((name) => vocabulary.id(name) ?? id);
  });
}

/** A state over plain tokens, for a vocabulary that has merges as well: a merged id is all of its tokens at once. */
export class MergedState implements PathState {
  constructor(
    private readonly state: PathState,
    private readonly plain: readonly (readonly number[])[],
  ) {}

  get complete(): boolean {
    return this.state.complete;
  }

  get place(): number {
    return this.state.place;
  }

  permits(id: number): boolean {
    const ids = this.plain[id];
    if (ids.length === 1) return this.state.permits(id);
    const probe = this.state.clone();
    return ids.every((one) => {
      const permitted = !probe.complete && probe.permits(one);
      if (permitted) probe.push(one);
      return permitted;
    });
  }

  push(id: number): void {
    for (const one of this.plain[id]) this.state.push(one);
  }

  exits(): Iterable<number> {
    return this.state.exits();
  }

  quietKey(): string | undefined {
    return this.state.quietKey();
  }

  clone(): MergedState {
    return new MergedState(this.state.clone(), this.plain);
  }

  startTick(ticksPerQuarter: number): number {
    return this.state.startTick(ticksPerQuarter);
  }

  endTick(ticksPerQuarter: number): number | undefined {
    return this.state.endTick(ticksPerQuarter);
  }
}
