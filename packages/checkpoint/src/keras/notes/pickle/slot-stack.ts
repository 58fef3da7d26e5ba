import { MARK, type Pickled, PickleError, type Slot, valueOf } from './pickled.js';

/** The stack of the machine, and what it has been told to remember. */
export class SlotStack {
  private readonly slots: Slot[] = [];
  private readonly memo = new Map<number, Slot>();

  push(slot: Slot): void {
    this.slots.push(slot);
  }

  pop(): Slot {
    const slot = this.slots.pop();
    if (slot === undefined) throw new PickleError('its stack is empty');
    return slot;
  }

  top(): Slot {
    const slot = this.slots.at(-1);
    if (slot === undefined) throw new PickleError('its stack is empty');
    return slot;
  }

  /** The last `count` values in the order in which they were pushed. */
  popMany(count: number): Pickled[] {
    return Array.from({ length: count }, () => valueOf(this.pop())).reverse();
  }

  /** The values since the last mark, which goes too. */
  sinceMark(): Pickled[] {
    const from = this.slots.lastIndexOf(MARK);
    if (from < 0) throw new PickleError('a mark is missing');
    const items = this.slots.slice(from + 1).map(valueOf);
    this.slots.length = from;
    return items;
  }

  /** Adds items to the list on top. */
  append(items: readonly Pickled[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new PickleError('it adds items to what is no list');
    for (const item of items) list.push(item);
  }

  /** Sets keys and values, in turns, of the dict on top. */
  setItems(items: readonly Pickled[]): void {
    const map = this.top();
    if (!(map instanceof Map)) throw new PickleError('it sets items of what is no dict');
    addPairs(map, items);
  }

  /** Stores the top, by default under the next number. */
  remember(key = this.memo.size): void {
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    const slot = this.memo.get(key);
    if (slot === undefined) throw new PickleError(`it recalls ${key}, which it has not stored`);
    this.push(slot);
  }
}

/** @param items keys and values in turns */
export function addPairs(map: Map<Pickled, Pickled>, items: readonly Pickled[]): Map<Pickled, Pickled> {
  if (items.length % 2 !== 0) throw new PickleError('a dict has a key without a value');
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  return map;
}
