/** What a pickle of notes may hold. A set or frozenset comes as an array, a dict as a Map. */
export type Pickled = string | number | bigint | boolean | null | Pickled[] | Map<Pickled, Pickled>;

/** A pickle that is damaged, too large, or would have Python do something. One line without a name of the file. */
export class PickleError extends Error {}

/** Where the items of a container begin. */
export const MARK = Symbol('mark');
/** A name that may be called: Python's own set and frozenset. */
export const SET = Symbol('set');

/** One place of the machine's stack. */
export type Slot = Pickled | typeof MARK | typeof SET;

/** @throws PickleError for what is no value of its own */
export function valueOf(slot: Slot): Pickled {
  if (slot === MARK || slot === SET) throw new PickleError('its instructions are out of order');
  return slot;
}
