import type { Score } from '../score/score.js';
import { exactNames, onsetEvents, relativeNames, type OnsetEvent } from './onset-events.js';
import { SuffixAutomaton } from './suffix-automaton.js';

/** The longest run of onsets that a piece has in common with other ones. */
export interface NoteCopy {
  /** Onsets that are equal, each with the wait before it; 0 where nothing is in common. */
  readonly events: number;
  /** From its first onset to its last. */
  readonly quarters: number;
  /** Where it begins in the piece, in quarters. */
  readonly at: number;
  /** The piece that it stands in; null where there is none. */
  readonly file: string | null;
}

const NONE: NoteCopy = { events: 0, quarters: 0, at: 0, file: null };

/** What of a piece is compared with others: the onsets after the first one, which has no wait before it, by their names. */
export interface ComparedOnsets {
  readonly exact: readonly string[];
  /** The same in every key. */
  readonly transposed: readonly string[];
}

/** A piece as `CopyFinder` compares with it; made once for many of them. */
export function comparedOnsets(piece: Score): ComparedOnsets {
  const events = onsetEvents(piece);
  return { exact: exactNames(events).slice(1), transposed: relativeNames(events).slice(1) };
}

/**
 * Finds what a piece copies, note for note: equal keys after equal waits, whatever the lengths and velocities of the notes;
 * with `transposed`, copies in other keys too. Time grows with the pieces compared, memory with the piece alone (suffix
 * automaton, Blumer et al. 1985). Pieces of one style have short runs in common by chance: look at held-out ones too.
 */
export class CopyFinder {
  private readonly automaton = new SuffixAutomaton();
  private readonly numbers = new Map<string, number>();
  private readonly events: OnsetEvent[];
  private best = NONE;

  constructor(
    piece: Score,
    private readonly transposed = false,
  ) {
    this.events = onsetEvents(piece);
    for (const name of this.namesOf(comparedOnsets(piece))) {
      let number = this.numbers.get(name);
      if (number === undefined) this.numbers.set(name, (number = this.numbers.size));
      this.automaton.extend(number);
    }
  }

  /** Compares with one more piece. */
  compare(file: string, piece: ComparedOnsets): void {
    let at = { state: 0, length: 0 };
    for (const name of this.namesOf(piece)) {
      const number = this.numbers.get(name);
      at = number === undefined ? { state: 0, length: 0 } : this.automaton.advance(at.state, at.length, number);
      if (at.length > this.best.events) this.best = this.copyAt(file, at.state, at.length);
    }
  }

  /** The longest copy so far. */
  get longest(): NoteCopy {
    return this.best;
  }

  private namesOf({ exact, transposed }: ComparedOnsets): readonly string[] {
    return this.transposed ? transposed : exact;
  }

  private copyAt(file: string, state: number, events: number): NoteCopy {
    const last = this.automaton.endOf(state) + 1;
    const [from, to] = [this.events[last - events + 1].time / 12, this.events[last].time / 12];
    return { events, quarters: to - from, at: from, file };
  }
}
