import { BarMap, type Score } from '@rondo/tokenizer';
import type { Rank } from '../ranking.js';
import type { Obeyed } from '../steering/report.js';

/** One section of a piece as it was made; what comes again was made for nothing. */
export interface Section {
  readonly score: Score;
  readonly obeyed: readonly Obeyed[];
  /** Tokens that were chosen for it. */
  readonly tokens: number;
  readonly logLikelihood: number;
  readonly escapes: number;
  /** Why it was kept, where it is the best of several. */
  readonly rank?: Rank;
}

/** A section that takes no tokens. */
export function given(score: Score): Section {
  return { score, obeyed: [], tokens: 0, logLikelihood: 0, escapes: 0 };
}

/** Which share of the notes from bar `from` on stand in another piece too, at the same place. */
export function sharedNotes(score: Score, other: Score, from: number): number {
  const start = new BarMap(score).bar(from).tick;
  const notes = ({ tracks }: Score) =>
    tracks.flatMap(({ isDrum, program, notes: all }) =>
      all.filter(({ tick }) => tick >= start).map(({ tick, pitch }) => `${isDrum} ${program} ${tick} ${pitch}`),
    );
  const known = new Set(notes(other));
  const own = notes(score);
  return own.filter((note) => known.has(note)).length / Math.max(1, own.length);
}

/** A wish is obeyed if every section does; what is measured stands section by section where it differs. */
export function inAll(sections: readonly Section[], whole: Score): Obeyed[] {
  const every = sections.flatMap(({ obeyed }) => obeyed);
  return [...new Set(every.map(({ wish }) => wish))].map((wish) => {
    const all = every.filter((one) => one.wish === wish);
    const measured = wish === 'bars' ? [new BarMap(whole).count] : [...new Set(all.map((one) => one.measured))];
    return {
      wish,
      obeyed: all.every((one) => one.obeyed),
      measured: measured.length === 1 ? measured[0] : measured.join(' / '),
    };
  });
}

/** The means over all sections that were chosen among several; undefined where none was. */
export function meanRank(sections: readonly Section[]): Rank | undefined {
  const ranks = sections.flatMap(({ rank }) => rank ?? []);
  if (ranks.length === 0) return undefined;
  const mean = (of: (rank: Rank) => number) => ranks.reduce((sum, rank) => sum + of(rank), 0) / ranks.length;
  return { of: ranks[0].of, likelihood: mean((rank) => rank.likelihood), oddness: mean((rank) => rank.oddness) };
}

/** Tempo, meter and key once, where they change, and not at the start of every section. */
export function withoutRepeatedSigns(score: Score): Score {
  const changes = <T extends { tick: number }>(signs: readonly T[]): T[] =>
    signs.filter((sign, i) => i === 0 || JSON.stringify({ ...signs[i - 1], tick: sign.tick }) !== JSON.stringify(sign));
  return {
    ...score,
    tempos: changes(score.tempos),
    timeSignatures: changes(score.timeSignatures),
    keySignatures: changes(score.keySignatures),
  };
}

/** The sign that holds for most of a piece; an upbeat or a last slow bar does not make its manner. */
export function prevailing<T extends { tick: number }>(signs: readonly T[], endTick: number): T | undefined {
  const lengths = signs.map(({ tick }, i) => (signs[i + 1]?.tick ?? endTick) - tick);
  return signs[lengths.indexOf(Math.max(...lengths))];
}
