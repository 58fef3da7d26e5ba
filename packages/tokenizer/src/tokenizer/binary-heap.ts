/** A priority queue: `pop` gives what `before` puts first. */
export class BinaryHeap<T> {
  private readonly items: T[] = [];

  /** @param before whether `a` leaves the queue before `b` */
  constructor(private readonly before: (a: T, b: T) => boolean) {}

  push(item: T): void {
    const { items, before } = this;
    let at = items.length;
    items.push(item);
    for (let parent = (at - 1) >> 1; at > 0 && before(item, items[parent]); parent = (at - 1) >> 1) {
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  /** The first item, undefined if there is none. */
  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) this.sink(last as T);
    return first;
  }

  private sink(item: T): void {
    const { items, before } = this;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && before(items[child + 1], items[child])) child += 1;
      if (!before(items[child], item)) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = item;
  }
}
