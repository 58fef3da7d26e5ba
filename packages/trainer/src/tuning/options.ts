import type { Dataset } from '@rondo/tokenizer';
import type { Objective } from '../presets/settings.js';
import type { TuneEvent } from './events.js';

/** What `tune` takes. */
export interface TuneOptions {
  /** Folder of a prepared dataset with held-out pieces, or an open one (which stays open). */
  dataset: string | Dataset;
  /** Folder of the study; made where missing. */
  out: string;
  /** Points that are tried. Default 27. */
  trials?: number | undefined;
  /** Passes over the training data for the last trial. Default 9. */
  epochs?: number | undefined;
  /** Of how many trials one goes on to the next rung. Default 3. */
  reduction?: number | undefined;
  /** Domains in place of the default ones; see `resolveSpace`. */
  space?: unknown;
  objective?: Objective | undefined;
  /** Starts the points and the trainings. Default 1. */
  seed?: number | undefined;
  /** Goes on with the study in `out`; without one it starts afresh. */
  resume?: boolean | undefined;
  /** Replaces the study in `out`. */
  overwrite?: boolean | undefined;
  device?: 'auto' | 'cpu' | 'cuda' | undefined;
  threads?: number | undefined;
  /** Stops after so many minutes of this sitting; `resume` can go on. */
  maxMinutes?: number | undefined;
  onEvent?: ((event: TuneEvent) => void) | undefined;
  /** Aborting it saves the running trial and returns. */
  signal?: AbortSignal | undefined;
}

/** What a search does unless told otherwise. */
export const TUNE_DEFAULTS = { trials: 27, epochs: 9, reduction: 3, objective: 'all', seed: 1 } as const;
