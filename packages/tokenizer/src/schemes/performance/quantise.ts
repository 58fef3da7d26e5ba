import { joinPedals, sustainedEnd } from '../../score-tools/pedals.js';
import type { Score } from '../../score/score.js';
import { TempoMap } from '../../score/tempo-map.js';
import { TokenizerError } from '../../tokenizer/tokenizer-error.js';
import type { PerformanceConfig } from './config.js';
import { velocityBin, type Performance, type PlayedNote, type PlayedPedal } from './piece.js';

const MAX_SHIFTS = 1_000_000;

/**
 * The pitched notes of all tracks, and what the configuration keeps of the pedal, on the clock of the scheme.
 * @throws TokenizerError RONDO_SCHEME_TOO_LONG where the waits alone would be more than a million tokens.
 */
export function scoreToPiece(score: Score, config: PerformanceConfig): Performance {
  const clock = TempoMap.of(score);
  const step = (tick: number): number => Math.round((clock.seconds(tick) * 1000) / config.step);
  const notes = tidyNotes(playedNotes(score, config, step));
  const pedals = config.pedals === true && notes.length > 0 ? playedPedals(score, step) : [];
  checkLength([...notes, ...pedals], config);
  return { notes, pedals };
}

function playedNotes(score: Score, config: PerformanceConfig, step: (tick: number) => number): PlayedNote[] {
  const [low, high] = config.pitchRange;
  return score.tracks.flatMap(({ isDrum, notes, pedals }) =>
    isDrum
      ? []
      : notes
          .filter(({ pitch }) => pitch >= low && pitch <= high)
          .map(({ tick, duration, pitch, velocity }) => {
            const start = step(tick);
            const end = step(config.sustain ? sustainedEnd(pedals, tick + duration) : tick + duration);
            return { start, end: Math.max(start + 1, end), pitch, velocity: velocityBin(velocity, config) };
          }),
  );
}

/** The pedal is down as long as that of any pitched track; at least one step. */
function playedPedals({ tracks }: Score, step: (tick: number) => number): PlayedPedal[] {
  const spans = joinPedals(tracks.flatMap(({ isDrum, pedals }) => (isDrum ? [] : pedals))).map(({ tick, duration }) => {
    const start = step(tick);
    return { tick: start, duration: Math.max(1, step(tick + duration) - start) };
  });
  return joinPedals(spans).map(({ tick, duration }) => ({ start: tick, end: tick + duration }));
}

/**
 * Sorts by start and pitch; of notes that start together on one key keeps the longest (then the loudest); ends a note
 * where its key is struck again.
 */
function tidyNotes(notes: readonly PlayedNote[]): PlayedNote[] {
  const sorted = [...notes].sort(
    (a, b) => a.start - b.start || a.pitch - b.pitch || b.end - a.end || b.velocity - a.velocity,
  );
  const kept = sorted.filter(
    ({ start, pitch }, i) => i === 0 || start !== sorted[i - 1].start || pitch !== sorted[i - 1].pitch,
  );
  const nextStart = new Array<number>(128).fill(Infinity);
  for (let i = kept.length - 1; i >= 0; i -= 1) {
    const note = kept[i];
    if (nextStart[note.pitch] < note.end) kept[i] = { ...note, end: nextStart[note.pitch] };
    nextStart[note.pitch] = note.start;
  }
  return kept;
}

function checkLength(spans: readonly PlayedPedal[], config: PerformanceConfig): void {
  const end = spans.reduce((latest, span) => Math.max(latest, span.end), 0);
  if ((end * config.step) / config.maxShift <= MAX_SHIFTS) return;
  throw new TokenizerError(
    'RONDO_SCHEME_TOO_LONG',
    `the piece lasts ${Math.round((end * config.step) / 1000)} seconds, more than ${MAX_SHIFTS} shifts: cut the silence or split the file`,
  );
}
