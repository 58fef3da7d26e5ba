import type { History } from './history.js';
import type { KeyHistory } from './key-history.js';
import { StruckKeys } from './struck-keys.js';

/** What networks are told of a piece of the scheme `performance`: the keys that are down, and all that were struck. */
export class PerformanceHistory implements History {
  /** @param keys of the piece so far, which this history reads on */
  constructor(
    readonly keys: KeyHistory,
    readonly struck = new StruckKeys(),
  ) {}

  push(id: number): void {
    this.keys.push(id);
    for (const event of this.keys.eventsOf(id)) if ('down' in event) this.struck.push(event.down);
  }

  clone(): PerformanceHistory {
    return new PerformanceHistory(this.keys.clone(), this.struck.clone());
  }
}
