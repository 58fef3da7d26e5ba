import type { Grammar } from '../schemes/scheme.js';
import { CONDITION_KINDS, parseConditionToken, type ConditionKind } from './condition.js';

/**
 * A grammar that lets condition tokens stand before the music: each kind at most once, in their order. That one part plays
 * alone is said by whoever wants it, and read here, but never allowed as a choice: unasked, music is that of all.
 */
export class ConditionGrammar implements Grammar {
  /** Place (in the order of all kinds) from which on a kind may still come; beyond the last once the music began. */
  private next = 0;

  constructor(
    private readonly music: Grammar,
    private readonly kinds: readonly ConditionKind[],
  ) {}

  allows(token: string): boolean {
    const place = this.placeOf(token);
    if (place !== undefined) return place >= this.next && CONDITION_KINDS[place] !== 'alone';
    return this.music.allows(token) && !(token === 'BOS' && this.next > 0);
  }

  push(token: string): void {
    const place = this.placeOf(token);
    if (place !== undefined) {
      this.next = Math.max(this.next, place + 1);
      return;
    }
    // An unseen value is UNK: the next kind may follow it.
    if (token !== 'BOS' && token !== 'UNK') this.next = CONDITION_KINDS.length;
    this.music.push(token);
  }

  clone(): ConditionGrammar {
    const copy = new ConditionGrammar(this.music.clone(), this.kinds);
    copy.next = this.next;
    return copy;
  }

  stateKey(): string {
    return `${this.next};${this.music.stateKey()}`;
  }

  private placeOf(token: string): number | undefined {
    const condition = parseConditionToken(token);
    if (condition === undefined || !this.kinds.includes(condition.kind)) return undefined;
    return CONDITION_KINDS.indexOf(condition.kind);
  }
}
