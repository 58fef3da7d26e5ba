/** Stands between pieces, and where ids are that nothing is merged with. */
export const GAP = -1;
/** An id that went into the one before it. */
const GONE = -2;

/** Ids in a row in which neighbours become one: places keep their numbers. */
export class LinkedIds {
  private readonly ids: Int32Array;
  private readonly nexts: Int32Array;
  private readonly previous: Int32Array;

  constructor(ids: ArrayLike<number>) {
    this.ids = Int32Array.from(ids);
    this.nexts = Int32Array.from(this.ids, (_, place) => place + 1);
    this.previous = Int32Array.from(this.ids, (_, place) => place - 1);
  }

  /** Places, those of merged ids included. */
  get length(): number {
    return this.ids.length;
  }

  /** The id at a place; `GAP` beyond both ends. */
  at(place: number): number {
    return this.ids[place] ?? GAP;
  }

  after(place: number): number {
    return this.nexts[place];
  }

  before(place: number): number {
    return this.previous[place];
  }

  /** Whether `left` stands at a place and `right` after it. */
  isPair(place: number, left: number, right: number): boolean {
    return this.at(place) === left && this.at(this.after(place)) === right;
  }

  /** Puts one id for that at `place` and the one after it. */
  join(place: number, id: number): void {
    const gone = this.after(place);
    this.ids[place] = id;
    this.ids[gone] = GONE;
    const next = this.nexts[gone];
    this.nexts[place] = next;
    if (next < this.length) this.previous[next] = place;
  }

  /** The ids that are left. */
  toIds(): Int32Array {
    return this.ids.filter((id) => id !== GONE);
  }
}
