import { basename, dirname, resolve } from 'node:path';
import { CONDITION_KINDS, conditionToken, type ConditionKind, type ConditionValues } from '../conditions/condition.js';
import type { JsonValue } from '../schemes/scheme.js';
import { ConditionManifest } from './condition-manifest.js';
import { DatasetError } from './dataset-error.js';
import type { SourceFile } from './find-files.js';
import type { ConditionSource, PrepareOptions } from './types.js';

/** What the options say about the conditions of each file; what they leave open is taken from the music. */
export class ConditionSources {
  readonly kinds: readonly ConditionKind[];
  private readonly sources: NonNullable<PrepareOptions['conditions']>;
  private readonly manifest: ConditionManifest | undefined;

  /** @throws DatasetError RONDO_DATASET_OPTION, RONDO_DATASET_INPUT; TokenizerError RONDO_CONDITION_VALUE. */
  constructor({ conditions = {}, conditionManifest, conditionDropout = 0, alone = [] }: PrepareOptions) {
    this.sources = conditions;
    const isCopied = (kind: ConditionKind): boolean => kind === 'alone' && alone.length > 0;
    this.kinds = CONDITION_KINDS.filter((kind) => conditions[kind] !== undefined || isCopied(kind));
    if (!(conditionDropout >= 0 && conditionDropout <= 1)) {
      throw wrong(`expected a share of conditions to leave out from 0 to 1, got ${conditionDropout}`);
    }
    for (const kind of this.kinds) checkSource(kind, conditions[kind], conditionManifest);
    this.manifest = conditionManifest === undefined ? undefined : ConditionManifest.read(conditionManifest);
  }

  /** What the values of all files depend on, beside their names. */
  get settings(): JsonValue {
    return { sources: this.sources, manifest: this.manifest?.fingerprint ?? null } as unknown as JsonValue;
  }

  /** The values of a file. Its row in the manifest wins over folders and fixed values. */
  valuesOf(file: SourceFile): ConditionValues {
    const said = this.manifest?.valuesOf(file.label) ?? {};
    const values: { [kind in ConditionKind]?: string | number } = {};
    for (const kind of this.kinds) {
      const value = said[kind] ?? valueFrom(this.sources[kind], file);
      if (value !== undefined && value !== '') values[kind] = value;
    }
    return values;
  }
}

function checkSource(kind: ConditionKind, source: ConditionSource | undefined, manifest: string | undefined): void {
  if (source === 'manifest' && manifest === undefined) {
    throw wrong(`the condition ${kind} is to come from a manifest, but no manifest is given`);
  }
  if (source === 'score' && (kind === 'genre' || kind === 'composer')) {
    throw wrong(`the ${kind} of a piece cannot be heard: take it from folders, a manifest or give it`);
  }
  if (source === 'score' && kind === 'alone') {
    throw wrong('which pieces are one part alone is not heard: take copies (alone), or folders, a manifest, a value');
  }
  if (typeof source !== 'object') return;
  if ('value' in source) conditionToken(kind, source.value);
  else if (!Number.isInteger(source.folder) || source.folder < 0) {
    throw wrong(`expected a folder level from 0 (the input folder) up, got ${source.folder}`);
  }
}

function valueFrom(source: ConditionSource | undefined, { label, path }: SourceFile): string | number | undefined {
  if (source === undefined || source === 'score' || source === 'manifest') return undefined;
  if (source === 'folder') return folderOf(label, path);
  if ('value' in source) return source.value;
  return label.split('/').slice(0, -1)[source.folder];
}

/** The folder that holds the file; a file that was named itself has it in its path only. */
function folderOf(label: string, path: string): string | undefined {
  return label.split('/').at(-2) ?? basename(dirname(resolve(path)));
}

function wrong(message: string): DatasetError {
  return new DatasetError('RONDO_DATASET_OPTION', message);
}
