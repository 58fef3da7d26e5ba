import path from 'node:path';
import { harmonyAgreement, harmonyOf, type Harmony, type HarmonyAgreement, type Score } from '@rondo/tokenizer';

/** A generated piece beside the held-out one of its name. */
export interface NamesakeAgreement extends HarmonyAgreement {
  /** The held-out piece. */
  readonly with: string;
}

/** Means over the pairs; null where none has a value. */
export interface AgreementSummary extends HarmonyAgreement {
  readonly pairs: number;
  /** The same of each piece with the held-out one of another: what pieces agree by chance. Absent for one pair. */
  readonly byChance?: HarmonyAgreement;
}

interface Pair {
  readonly generated: Harmony;
  readonly heldOut: Harmony;
  readonly agreement: NamesakeAgreement;
}

/** Finds generated pieces that share their file names with held-out ones: continuations, harmonisations of them. */
export class Namesakes {
  private readonly wanted: ReadonlyMap<string, { file: string; harmony: Harmony }>;
  private readonly pairs = new Map<string, Pair>();

  constructor(generated: readonly { file: string; harmony: Harmony }[]) {
    this.wanted = new Map(generated.map((piece) => [nameOf(piece.file), piece]));
  }

  /** @param score as the scheme keeps it */
  add(file: string, score: Score): void {
    const piece = this.wanted.get(nameOf(file));
    if (piece === undefined || this.pairs.has(piece.file)) return;
    const heldOut = harmonyOf(score);
    const agreement = { with: file, ...harmonyAgreement(piece.harmony, heldOut) };
    this.pairs.set(piece.file, { generated: piece.harmony, heldOut, agreement });
  }

  of(file: string): { agreement?: NamesakeAgreement } {
    const pair = this.pairs.get(file);
    return pair === undefined ? {} : { agreement: pair.agreement };
  }

  summary(): AgreementSummary | undefined {
    const pairs = [...this.pairs.values()];
    if (pairs.length === 0) return undefined;
    const others = pairs.map(({ generated }, i) => harmonyAgreement(generated, pairs[(i + 1) % pairs.length].heldOut));
    const means = { pairs: pairs.length, ...meansOf(pairs.map(({ agreement }) => agreement)) };
    return pairs.length === 1 ? means : { ...means, byChance: meansOf(others) };
  }
}

function nameOf(file: string): string {
  return path.parse(file).name;
}

function meansOf(values: readonly HarmonyAgreement[]): HarmonyAgreement {
  const mean = (name: keyof HarmonyAgreement) => {
    const known = values.flatMap((value) => value[name] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return { key: mean('key'), chords: mean('chords') };
}
