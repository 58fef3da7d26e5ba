/** An array of a file, row-major. */
export interface KerasTensor {
  shape: number[];
  data: Float32Array;
}

/** What an HDF5 file holds, as plain data that can go from thread to thread. Paths begin without a slash. */
export interface Hdf5Tree {
  /** All groups in the order of the walk; the root is ''. */
  groups: string[];
  /** Texts of the groups that have some, by path. */
  attributes: Map<string, Record<string, string | string[]>>;
  /** Float datasets by path; whole numbers are nothing that a network is made of. */
  tensors: Map<string, KerasTensor>;
}

/** What reading came to: errors cannot go from thread to thread as they are. */
export type Hdf5Result =
  | { tree: Hdf5Tree }
  | {
      failure: string;
      /** The file asks for too much; else it is damaged. */
      limit: boolean;
      /** The library itself broke, and reads no other file well. */
      broken: boolean;
    };
