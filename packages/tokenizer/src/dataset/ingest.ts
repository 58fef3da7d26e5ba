import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { partAlone } from '../augment/alone.js';
import { pitchExtent, shiftVelocity, stretch, transpose } from '../augment/augment.js';
import type { ConditionKind, ConditionValues } from '../conditions/condition.js';
import { conditionTokens, type Variation } from '../conditions/derive.js';
import { DEFAULT_LIMITS } from '../midi/limits.js';
import { readMidi } from '../midi/read-midi.js';
import type { Score } from '../score/score.js';
import { createScheme } from '../schemes/registry.js';
import type { Scheme, SchemeConfig } from '../schemes/scheme.js';
import type { ArchiveMember } from './archive/member.js';
import { readMember } from './archive/read-member.js';
import { noteContentHash } from '../score-tools/content-hash.js';
import type { PartName } from '../table/instrument-families.js';

/** What every worker is told once. */
export interface IngestSettings {
  readonly scheme: SchemeConfig;
  /** Semitones, from … to. */
  readonly transpose: readonly [number, number];
  /** Tempo factors beside 1. */
  readonly stretch: readonly number[];
  /** What is added to velocities beside 0; none if absent. */
  readonly velocityShift?: readonly number[];
  /** Parts that also enter by themselves; none if absent. */
  readonly alone?: readonly PartName[];
  /** Kinds of the tokens before the music. */
  readonly conditions: readonly ConditionKind[];
}

export interface IngestTask {
  /** The file, or the one that holds `member`. */
  readonly path: string;
  readonly member?: ArchiveMember;
  /** Whether copies (transposed, stretched, louder, softer, one part alone) are wanted. */
  readonly augment: boolean;
  /** What the user says about the piece. */
  readonly given: ConditionValues;
}

/** How a version differs from the piece as written. */
interface IngestVariation extends Variation {
  readonly velocityShift: number;
  /** The part that plays by itself; absent where all do. */
  readonly alone?: PartName;
}

const AS_WRITTEN: IngestVariation = { transpose: 0, stretch: 1, velocityShift: 0 };

/** One version of a piece; ids are those of the ingester that made it. */
export interface IngestedVariant extends IngestVariation {
  /** Conditions, then music. */
  readonly ids: Int32Array;
  /** How many of the ids are conditions. */
  readonly prefix: number;
}

/** A file's tokens, or why there are none. */
export interface Ingested {
  readonly reason?: string;
  readonly hash: string;
  /** The piece as written first. */
  readonly variants: readonly IngestedVariant[];
  /** Tokens that this ingester met for the first time; their ids go on from those before. */
  readonly newTokens: readonly string[];
}

/** Reads and encodes files one by one, numbering tokens as they come. Runs in a worker or in the main thread. */
export class Ingester {
  private readonly scheme: Scheme;
  private readonly ids = new Map<string, number>();
  private fresh: string[] = [];

  constructor(private readonly settings: IngestSettings) {
    this.scheme = createScheme(settings.scheme);
  }

  /** Never throws: what is wrong with a file is its `reason`. */
  ingest(task: IngestTask): Ingested {
    this.fresh = [];
    try {
      const score = readScore(task);
      const variants = [this.encode(score, task.given, AS_WRITTEN)];
      if (task.augment) this.augment(score, task.given, variants);
      if (task.augment) for (const part of this.settings.alone ?? []) this.addPart(score, part, task.given, variants);
      return { hash: noteContentHash(score, sha256), variants, newTokens: this.fresh };
    } catch (error) {
      return { reason: reasonOf(error), hash: '', variants: [], newTokens: this.fresh };
    }
  }

  private encode(score: Score, given: ConditionValues, variation: IngestVariation): IngestedVariant {
    const { scheme } = this;
    if (!scheme.percussion && score.tracks.every((track) => track.isDrum || track.notes.length === 0)) {
      throw new Error(`only percussion: the scheme "${scheme.name}" takes pitched notes`);
    }
    const tokens = scheme.encode(score);
    if (tokens.every((token) => token === scheme.frameEnd)) {
      throw new Error(`no note that the scheme "${scheme.name}" takes with these options`);
    }
    const conditions = conditionTokens(this.settings.conditions, score, given, variation);
    const prefix = conditions.length;
    const ids = new Int32Array(prefix + tokens.length);
    for (let i = 0; i < prefix; i += 1) ids[i] = this.id(conditions[i]);
    for (let i = 0; i < tokens.length; i += 1) ids[prefix + i] = this.id(tokens[i]);
    return { ...variation, ids, prefix };
  }

  private id(token: string): number {
    let id = this.ids.get(token);
    if (id !== undefined) return id;
    id = this.ids.size;
    this.ids.set(token, id);
    this.fresh.push(token);
    return id;
  }

  /** Adds a part by itself, where the piece has it and something else, in all versions that the piece has. */
  private addPart(score: Score, part: PartName, given: ConditionValues, variants: IngestedVariant[]): void {
    const alone = partAlone(score, part);
    if (alone === undefined || this.scheme.encode(alone).length === 0) return;
    this.augment(alone, givenOf(part, given), variants, part);
  }

  /**
   * Adds the versions that stay in the range of pitches and read differently from those before. Drums are the same in
   * every key, but by themselves they come as often as other parts: once a key.
   */
  private augment(score: Score, given: ConditionValues, variants: IngestedVariant[], alone?: PartName): void {
    const [from, to] = this.settings.transpose;
    const [low, high] = pitchRange(this.scheme);
    const extent = pitchExtent(score) ?? { low: 64, high: 64 };
    const keyOf = (variant: IngestedVariant): string =>
      `${alone === undefined ? '' : variant.transpose} ${musicKey(variant)}`;
    const seen = new Set(alone === undefined ? variants.map(keyOf) : []);
    const add = (version: Score, variation: IngestVariation): void => {
      const variant = this.encode(version, given, { ...variation, ...(alone === undefined ? {} : { alone }) });
      const text = keyOf(variant);
      if (seen.has(text)) return;
      seen.add(text);
      variants.push(variant);
    };
    for (let semitones = from; semitones <= to; semitones += 1) {
      if (semitones !== 0 && (extent.low + semitones < low || extent.high + semitones > high)) continue;
      const moved = semitones === 0 ? score : transpose(score, semitones);
      for (const factor of [1, ...this.settings.stretch]) {
        const timed = factor === 1 ? moved : stretch(moved, factor);
        for (const shift of [0, ...(this.settings.velocityShift ?? [])]) {
          if (alone === undefined && semitones === 0 && factor === 1 && shift === 0) continue;
          const version = shift === 0 ? timed : shiftVelocity(timed, shift);
          add(version, { transpose: semitones, stretch: factor, velocityShift: shift });
        }
      }
    }
  }
}

/** What was said of the piece and holds for a part of it too. */
function givenOf(part: PartName, { genre, composer, tempo, key }: ConditionValues): ConditionValues {
  return { alone: part, genre, composer, tempo, ...(part === 'drums' ? {} : { key }) };
}

/** Ten times as fast as the portable one: with that, every tenth second would go into it. */
function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function musicKey({ ids, prefix }: IngestedVariant): string {
  return Buffer.from(ids.buffer, ids.byteOffset + 4 * prefix, ids.byteLength - 4 * prefix).toString('latin1');
}

function pitchRange(scheme: Scheme): readonly [number, number] {
  const range = scheme.config['pitchRange'] as readonly [number, number] | undefined;
  return range ?? [0, 127];
}

/** Looks at the size before reading, so that a huge file costs nothing. */
function readScore({ path, member }: IngestTask): Score {
  if (member !== undefined) return readMidi(readMember(path, member, DEFAULT_LIMITS.maxBytes));
  const { size } = statSync(path);
  if (size > DEFAULT_LIMITS.maxBytes) {
    throw new Error(`the file has ${size} bytes, more than the limit of ${DEFAULT_LIMITS.maxBytes}`);
  }
  return readMidi(readFileSync(path));
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'the file does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read the file';
  return message;
}
