import type { ConditionKind } from '../conditions/condition.js';
import type { SchemeName } from '../schemes/scheme.js';
import type { PartName } from '../table/instrument-families.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { Windows } from './windows.js';

/** The splits of a dataset, in the order in which they are written. */
export const SPLIT_NAMES = ['train', 'valid', 'test'] as const;
/** Name of a split. */
export type SplitName = (typeof SPLIT_NAMES)[number];

/** One piece of a split: `length` ids from `offset` on, BOS and EOS included where the scheme has them. */
export interface PieceEntry {
  /** The file it came from, below its input folder. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  /** Semitones; 0 for the piece as written. */
  readonly transpose: number;
  /** Factor on all durations in seconds; 1 for the piece as written. */
  readonly stretch: number;
  /** What was added to every velocity; absent where nothing was. */
  readonly velocityShift?: number;
  /** The part that plays by itself; absent where all do. */
  readonly alone?: PartName;
}

/** The ids of a split, on disk. */
export interface Split {
  readonly name: SplitName;
  /** Number of ids. */
  readonly tokens: number;
  readonly pieces: readonly PieceEntry[];
  /**
   * Copies `count` ids from `position` on into `out` at `outOffset` (default 0). Synchronous, through a small page cache.
   * @throws DatasetError RONDO_DATASET_RANGE outside the split or of `out`, RONDO_DATASET_CORRUPT for ids that cannot be.
   */
  read(position: number, count: number, out: Int32Array, outOffset?: number): void;
  /** Windows of `length` ids every `stride` ids, as positions for `read`; none crosses a piece. */
  windows(length: number, stride?: number): Windows;
}

/** Held-out nats per token of n-gram models of the training split. */
export interface Baselines {
  readonly unigram: number;
  readonly bigram: number;
}

/** What `dataset.json` holds. */
export interface DatasetManifest {
  readonly format: 'rondo-dataset';
  readonly formatVersion: 1;
  readonly scheme: { readonly name: string; readonly [option: string]: unknown };
  readonly tokenizerFingerprint: string;
  readonly vocabulary: number;
  /** Bytes of an id: 2 or 4, little-endian. */
  readonly idBytes: 2 | 4;
  readonly splits: Readonly<Record<SplitName, SplitSummary>>;
  /** Null where there are no tokens to measure. */
  readonly baselines: Baselines | null;
  /** The split that the baselines were measured on. */
  readonly baselinesOn: SplitName;
  readonly preparation: {
    readonly seed: number;
    readonly split: readonly [number, number, number] | null;
    readonly transpose: readonly [number, number];
    readonly stretch: readonly number[];
    /** Shifts of the louder and softer copies; absent where there are none. */
    readonly velocityShift?: readonly number[];
    /** Parts that also enter by themselves; absent where there are none. */
    readonly alone?: readonly PartName[];
    /** Share of the conditions that training pieces go without; absent where there are no conditions. */
    readonly conditionDropout?: number;
    /** Size of the vocabulary that was asked for; absent where nothing is merged. */
    readonly bpe?: number;
  };
  readonly sources: { readonly ok: number; readonly skipped: readonly SkippedFile[] };
}

/** What `dataset.json` says of a split. */
export interface SplitSummary {
  readonly tokens: number;
  readonly pieces: number;
  /** UNK among the tokens. */
  readonly unknown: number;
  /** Frames of the pieces, silent ones included (`grid` only). */
  readonly frames?: number;
  /** Notes that begin in the tokens (`remi` and `performance` only). */
  readonly notes?: number;
  /** Tokens before any were merged; absent where none are. */
  readonly plainTokens?: number;
  /** SHA-256 of the ids file, in hexadecimal. */
  readonly sha256: string;
}

/** A file that was not used, and why. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

/** An open dataset. */
export interface Dataset {
  readonly dir: string;
  readonly tokenizer: Tokenizer;
  readonly manifest: DatasetManifest;
  split(name: SplitName): Split;
  close(): Promise<void>;
}

/**
 * Where the condition of a file comes from: the music itself, the manifest (else the music), the folder that holds the
 * file, the folder at a level (0 is the input folder), or one value for all.
 */
export type ConditionSource =
  | 'score'
  | 'manifest'
  | 'folder'
  | { readonly folder: number }
  | { readonly value: string | number };

/** How far `prepareDataset` has come. */
export interface PrepareProgress {
  /** `read`: files are read and encoded. `write`: ids are written in their final form. */
  readonly phase: 'read' | 'write';
  /** Files done, or ids written. */
  readonly done: number;
  readonly total: number;
}

/** What `prepareDataset` reads, and how it makes a dataset of it. */
export interface PrepareOptions {
  /** MIDI files, folders (read recursively), glob patterns, and archives: `.zip`, `.tar`, `.tar.gz`, `.tgz`. */
  readonly inputs: readonly string[];
  /** Folder of the dataset. An existing dataset there is replaced, anything else is left alone. */
  readonly out: string;
  /** Name of the scheme, or name and options; `remi` by default. */
  readonly scheme?: SchemeName | { readonly name: SchemeName; readonly [option: string]: unknown };
  /**
   * Given held-out files or folders; they never train. With `valid`, all inputs train unless `split` is given too;
   * with `test` alone, validation is taken from the inputs.
   */
  readonly valid?: string | readonly string[];
  readonly test?: string | readonly string[];
  /** Percentages of pieces for train, valid and test; 80/10/10 by default. */
  readonly split?: readonly [number, number, number];
  /** Seed of the division; 0 by default. */
  readonly seed?: number;
  /** Semitones from … to of the transpositions in training; [0, 0] by default. */
  readonly transpose?: readonly [number, number];
  /** Tempo factors in training beside 1, e.g. [0.95, 1.05]. */
  readonly stretch?: readonly number[];
  /**
   * What is added to all velocities in training beside 0, e.g. [-10, 10]; the results stay inside 1 to 127. For schemes
   * whose tokens tell velocities apart: `remi` and `performance`.
   */
  readonly velocityShift?: readonly number[];
  /**
   * Parts that also train by themselves, e.g. ['drums', 'bass']: of each piece in which one plays beside others, a copy in
   * which it plays alone, without the bars in which it waits, in every key, tempo and loudness. The copies carry the
   * condition `alone`; without it a model makes music of all. For `remi`.
   */
  readonly alone?: readonly PartName[];
  /**
   * Which condition tokens stand between BOS and the music, and where their values come from. Values that are given
   * hold for the piece as written; copies get the key, tempo and density that they have.
   */
  readonly conditions?: { readonly [kind in ConditionKind]?: ConditionSource };
  /** CSV or JSON table of conditions by file; its values win. */
  readonly conditionManifest?: string;
  /** Share of the conditions that training pieces go without, so that each can be left open later; 0.1 by default. */
  readonly conditionDropout?: number;
  /**
   * `remi` and `performance`: merges tokens that often stand together (byte-pair encoding, learned from training pieces)
   * until the vocabulary has this size. Off by default.
   */
  readonly bpe?: number;
  /** Worker threads; by default as many as there are cores, once the work turns out to be enough for them. */
  readonly workers?: number;
  readonly onProgress?: (progress: PrepareProgress) => void;
  /** Stops the work. What was read is kept beside `out`; the same options take it up again. */
  readonly signal?: AbortSignal;
}

/** What was done; `rondo prepare --json` prints it. */
export interface PrepareReport {
  readonly dataset: string;
  readonly files: {
    readonly ok: number;
    readonly skipped: readonly SkippedFile[];
    /** Held-out files whose notes also stand in another file; they are used. */
    readonly duplicates: readonly { readonly file: string; readonly of: string }[];
  };
  /** Pieces of the three splits together, copies not counted. */
  readonly pieces: number;
  readonly tokens: Readonly<Record<SplitName, number>>;
  /** UNK per split. */
  readonly unknown: Readonly<Record<SplitName, number>>;
  /** Notes per split (`remi` and `performance` only). */
  readonly notes?: Readonly<Record<SplitName, number>>;
  /** Tokens per split before any were merged; absent where none are. */
  readonly plainTokens?: Readonly<Record<SplitName, number>>;
  /** Merged tokens of the vocabulary; absent where there are none. */
  readonly merges?: number;
  /** Frames per split (`grid` only). */
  readonly frames?: Readonly<Record<SplitName, number>>;
  readonly vocabulary: number;
  /** Pieces by value, for each kind of condition that was asked for. */
  readonly conditions?: { readonly [kind in ConditionKind]?: Readonly<Record<string, number>> };
  readonly baselines: Baselines | null;
  readonly seconds: number;
}
