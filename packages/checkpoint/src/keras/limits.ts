/** What a file may at most ask for, so that a hostile one costs no more than its own size. */
export const LIMITS = {
  /** Bytes of a model's file, and of what a .keras archive unpacks to. */
  modelBytes: 1 << 30,
  /** Bytes of a notes file. */
  notesBytes: 64 << 20,
  /** Characters of a network's description. */
  configLength: 16 << 20,
  /** Groups and datasets of an HDF5 file. */
  objects: 20_000,
  /** Groups inside of groups. */
  depth: 16,
  /** Bytes of one attribute (the description is one). */
  attributeBytes: 16 << 20,
  /**
   * Numbers in all arrays together: at most 512 MiB as float32, and of a small file no more than it can well have packed
   * (sixteen bytes for each of its own).
   */
  values: { most: 1 << 27, least: 1 << 20, perByte: 4 },
  /** Bytes of the memory in which the library reads: the file, what it unpacks, and its own. */
  memory: { least: 64 << 20, perByte: 20 },
  /** Time to read an HDF5 file, and more for a large one; a damaged one can lead its library in circles. */
  readMilliseconds: 15_000,
  readBytesPerMillisecond: 10_000,
  layers: 1000,
  /** Notes of a corpus. */
  notes: 20_000_000,
  /** Tokens of a longest window. */
  sequence: 1 << 16,
} as const;
