import type { Argv } from 'yargs';
import type { ConditionKind, ConditionValues } from '@rondo/tokenizer';
import type { ConditionSource } from '@rondo/tokenizer/node';
import { UsageError } from '../terminal/exit-codes.js';
import { CONDITION_KINDS } from './library-names.js';

/** What pieces are said to be, for `prepare`. */
export interface ConditionOptions {
  condition?: string;
  conditionManifest?: string;
  conditionDropout?: number;
}

/** What users say of pieces; that a part is alone is mostly said by `--alone`. */
const SAID = CONDITION_KINDS.filter((kind) => kind !== 'alone');

export function withConditionOptions<T>(yargs: Argv<T>): Argv<T & ConditionOptions> {
  return yargs
    .option('condition', {
      type: 'string',
      requiresArg: true,
      describe: `What each piece is said to be, of ${SAID.join(', ')}: genre=folder,composer=manifest,key`,
    })
    .option('condition-manifest', {
      type: 'string',
      requiresArg: true,
      describe: 'CSV or JSON table of conditions, with a column "file"',
    })
    .option('condition-dropout', {
      type: 'number',
      requiresArg: true,
      describe: 'Share of the conditions that training pieces go without (default 0.1)',
    })
    .group(['condition', 'condition-manifest', 'condition-dropout'], 'Conditions:') as Argv<T & ConditionOptions>;
}

/**
 * `genre=folder:1,composer=manifest,instrument=lute,key` as the library takes it. A kind without a source is taken from
 * the manifest if there is one, else from the folder (genre, composer) or the music (the others).
 * @throws UsageError
 */
export function parseConditionSources(
  text: string | undefined,
  manifest: string | undefined,
): { [kind in ConditionKind]?: ConditionSource } | undefined {
  if (text === undefined) return undefined;
  const sources = splitPairs(text).map(([kind, source]): [ConditionKind, ConditionSource] => {
    if (source !== undefined) return [kind, parseSource(source)];
    if (manifest !== undefined) return [kind, 'manifest'];
    return [kind, kind === 'genre' || kind === 'composer' ? 'folder' : 'score'];
  });
  return Object.fromEntries(sources);
}

/**
 * Wishes such as `genre=jazz,tempo=120,key=C minor`.
 * @throws UsageError
 */
export function parseConditionValues(text: string): ConditionValues {
  const pairs = splitPairs(text).map(([kind, value]) => {
    if (value === undefined) throw new UsageError(`--condition takes wishes such as ${kind}=…, not "${kind}"`);
    return [kind, value];
  });
  return Object.fromEntries(pairs) as ConditionValues;
}

function splitPairs(text: string): [ConditionKind, string | undefined][] {
  const pairs = text.split(',').map((item): [ConditionKind, string | undefined] => {
    const at = item.indexOf('=');
    const [name, value] = at < 0 ? [item, undefined] : [item.slice(0, at), item.slice(at + 1).trim()];
    const kind = CONDITION_KINDS.find((known) => known === name.trim());
    if (kind === undefined || value === '')
      throw new UsageError(`--condition takes ${CONDITION_KINDS.join(', ')}, each once, not "${item}"`);
    return [kind, value];
  });
  if (new Set(pairs.map(([kind]) => kind)).size === pairs.length) return pairs;
  throw new UsageError(`--condition takes each kind once, not "${text}"`);
}

function parseSource(text: string): ConditionSource {
  if (text === 'score' || text === 'manifest' || text === 'folder') return text;
  const level = /^folder:(\d{1,3})$/.exec(text);
  return level === null ? { value: text } : { folder: Number(level[1]) };
}
