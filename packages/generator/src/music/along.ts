import { BarMap, cutScore, musicMetrics, type Score } from '@rondo/tokenizer';

/** What a stretch of bars is like. */
export interface Stretch {
  /** First bar (from 1) and how many. */
  bar: number;
  bars: number;
  /** Notes a bar. */
  density: number;
  polyphony: number | null;
  pitchClassEntropy: number | null;
  scaleConsistency: number | null;
  key: string | null;
  /** Share of its bars that stood note for note somewhere before. */
  repeated: number;
  /** Share of its bars that equal the bar just before: a loop of one bar has 1. */
  stuck: number;
}

/** Metrics along a piece in at most `most` stretches of whole bars, eight or more each. */
export function metricsAlong(score: Score, most = 64): Stretch[] {
  const map = new BarMap(score);
  const bars = Math.max(8, Math.ceil(map.count / most));
  const prints = barPrints(score, map);
  const seen = new Set<string>();
  const stretches: Stretch[] = [];
  for (let first = 0; first < map.count; first += bars) {
    const count = Math.min(bars, map.count - first);
    let repeated = 0;
    let stuck = 0;
    for (let bar = first; bar < first + count; bar++) {
      if (prints[bar] !== '' && seen.has(prints[bar])) repeated++;
      if (bar > 0 && prints[bar] !== '' && prints[bar] === prints[bar - 1]) stuck++;
      seen.add(prints[bar]);
    }
    const part = cutScore(score, map.bar(first).tick, map.bar(first + count).tick);
    const { notes, polyphony, pitchClassEntropy, scaleConsistency, key } = musicMetrics(part);
    stretches.push({
      bar: first + 1,
      bars: count,
      density: notes / count,
      polyphony,
      pitchClassEntropy,
      scaleConsistency,
      key,
      repeated: repeated / count,
      stuck: stuck / count,
    });
  }
  return stretches;
}

/** The notes that begin in each bar, with their places, as text. */
function barPrints(score: Score, map: BarMap): string[] {
  const prints = Array.from({ length: map.count }, (): string[] => []);
  for (const { notes, isDrum, program } of score.tracks) {
    for (const { tick, pitch, duration } of notes) {
      const index = map.indexAt(tick);
      prints[index]?.push(`${isDrum ? 'd' : program} ${tick - map.bar(index).tick} ${pitch} ${duration}`);
    }
  }
  return prints.map((notes) => notes.sort().join());
}
