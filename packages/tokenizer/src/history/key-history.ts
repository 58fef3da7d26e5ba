import type { History } from './history.js';

/** What a token does to a piano: pitches that go down or up, the pedal that does, and milliseconds that pass. */
export type KeyEvent = { down: number } | { up: number } | { pedal: 'down' | 'up' } | { wait: number };

/** The keys, and the pedal, that are down in a piece of the scheme `performance`, whose notes end only where a token says so. */
export class KeyHistory implements History {
  /** Pitch → the moment it went down, in ms; in the order of these moments. */
  #since = new Map<number, number>();
  /** The moment the pedal went down, in ms; undefined while it is up. */
  #pedalSince: number | undefined;
  #now = 0;
  /** The moment of the last strike, in ms; undefined before the first one. */
  #struckAt: number | undefined;

  /** @param events by id: what it stands for, in order; none for names that mean no key and no time */
  constructor(private readonly events: readonly (readonly KeyEvent[])[]) {}

  push(id: number): void {
    for (const event of this.eventsOf(id)) {
      if ('wait' in event) this.#now += event.wait;
      else if ('up' in event) this.#since.delete(event.up);
      else if ('pedal' in event) this.#pedalSince = event.pedal === 'up' ? undefined : (this.#pedalSince ?? this.#now);
      else this.#strike(event.down);
    }
  }

  /** What a token does, in order. */
  eventsOf(id: number): readonly KeyEvent[] {
    return this.events[id] ?? [];
  }

  #strike(pitch: number): void {
    this.#struckAt = this.#now;
    this.#since.delete(pitch); // what is struck again is the newest
    this.#since.set(pitch, this.#now);
  }

  /** Whether any key has been struck. */
  get hasBegun(): boolean {
    return this.#struckAt !== undefined;
  }

  /** For how many ms none has been, since the last one or since the beginning. */
  get silentFor(): number {
    return this.#now - (this.#struckAt ?? 0);
  }

  /** For how many ms the pedal has been down; undefined while it is up. */
  get pedalFor(): number | undefined {
    return this.#pedalSince === undefined ? undefined : this.#now - this.#pedalSince;
  }

  /** Keys that are down. */
  get down(): number {
    return this.#since.size;
  }

  /** The key before which `older` others went down: its pitch and for how many ms it has been; undefined without one. */
  held(older: number): { pitch: number; ms: number } | undefined {
    let place = 0;
    for (const [pitch, since] of this.#since) if (place++ === older) return { pitch, ms: this.#now - since };
    return undefined;
  }

  /** Pitches of the keys that have been down for so many ms or longer, in the order in which they were struck. */
  downFor(ms: number): number[] {
    return [...this.#since].flatMap(([pitch, since]) => (this.#now - since >= ms ? [pitch] : []));
  }

  clone(): KeyHistory {
    const copy = new KeyHistory(this.events);
    copy.#since = new Map(this.#since);
    copy.#pedalSince = this.#pedalSince;
    copy.#now = this.#now;
    copy.#struckAt = this.#struckAt;
    return copy;
  }
}
